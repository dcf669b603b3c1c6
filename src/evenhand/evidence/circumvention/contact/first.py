"""The first look at a text: what it must hold for a detector to have anything to do. All are searched in one pass."""

from __future__ import annotations

from typing import Final

from evenhand.evidence.circumvention.contact.words import disguised, either, lengthened, numbers, service, words

_WORD: Final = lengthened(numbers("digits"))
_PART: Final = either(words("part"))
_DIGIT: Final = rf"(?:{_WORD}|[0-9])"
_GAP: Final = r"[\s,.\-]{0,3}(?:y )?"
_BRACKET, _BRACKET_END = r"[^a-z0-9\xe0\s@.,;!?]\s?", r"\s?[^a-z0-9\xe0\s@.,;!?]"
_EDGE: Final = r"[^a-z0-9\xe0@.,;!?]"
_MAIL: Final = rf"(?:{either(service('mail'))}|{disguised(['gmail', 'hotmail', 'outlook', 'yahoo'])})"
_BANKED: Final = r"(?:routing|aba|rtn|sort\s?code|alias|binance)"
_KNOWN: Final = r"(?:com|net|org|io)\b"

SIGN: Final = "@|%40|&#64;"
MAIL: Final = (
    rf"\ba?roba|arroba|\b{_MAIL}(?:\b|dot|punto)|(?:at|arroba){_MAIL}"
    rf"|{_BRACKET}at?{_BRACKET_END}|[a-z0-9][\s_\-]at[_\-]"
)
DOT_WORD: Final = rf"{_EDGE}{either([*words('dot'), 'd0t'])}{_EDGE}"
HOST: Final = (
    rf"://|: / /|\bwww|,(?:com|net|org)\b|\s(?:dot|punto)com\b|{_BRACKET}\.|\s\.{_KNOWN}|\.\s{_KNOWN}"
    r"|\.\s[a-z]{2,4}\s?/|[a-z0-9\xe0]\.[a-z\xe0]{2}|\.xn--"
)
MESSENGER: Final = (
    rf"{disguised(service('messengers'))}|\b{disguised(service('messengers', 'clipped'))}\b|#[0-9]{{4}}"
    r"|l[i1]ve(?::| colon| dos puntos)"
    rf"|\b{either([*service('messengers', 'short'), *service('messengers', 'apps')])}\b"
)
PAYMENT: Final = (
    rf"{disguised(service('payment'))}|\b[a-z]{{2}}[0-9]{{2}}[ \-]?[a-z0-9]{{4}}[ \-]?[a-z0-9]{{4}}"
    rf"|\b[13tlmd][a-z0-9]{{25}}|\b(?:bc|ltc)1|\b0x[0-9a-f]{{40}}|[0-9](?:[ \-.]?[0-9]){{14}}|\b{_BANKED}\b"
)
ROOM: Final = (
    rf"\b(?:{disguised(['zoom'])}|zum|sum)\b|\b(?:webex|teams|meeting|reunion|mitin|llamada|room)[\s,]{{1,2}}id\b"
    r"|\bid de |\b[a-z]{3}-[a-z]{4}-[a-z]{3}\b"
)
DIGITS: Final = (
    r"(?:[0-9oil](?:[^a-z0-9]{0,4}|,? (?:and|then|y|luego) )){6}[0-9oil]"
    rf"|\b{_PART}\b[^0-9\n]{{0,12}}[0-9]{{2}}"
    rf"|(?:{_DIGIT}{_GAP})?{_WORD}{_GAP}{_DIGIT}{_GAP}{_DIGIT}{_GAP}{_DIGIT}"
)
APART: Final = r"(?:^|[\s:(,;@])[^\s]([ *\-._/|])[^\s][ *\-._/|][^\s](?:$|[\s*\-._/|:,;!?)])"
