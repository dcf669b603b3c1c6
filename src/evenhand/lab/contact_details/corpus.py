"""The labelled messages: templates as text, values as data, in parts.

`develop` is what rules are written on. `held_out`, split from it before any rule was written, is what they are judged
on: other phrasings, other values, other disguises. `afterwards` was written when the rules were finished. `tuning` and
`independent` are by another author, who had seen neither rules nor those parts, and were split at random by template:
rules may be written on the first and are judged on the second. Nobody looks at what is missed in `held_out`,
`afterwards` and `independent` in order to write a rule. `unseen` is by a third author, who had seen neither rules
nor, but for a few lines to learn the format, the other parts, and is judged on in the same way.

A template is one line, or several messages of a thread with ` || ` between them:

    == en plain
    My email is <email: {user}@{mail}>, thanks
    user is <email: {user}> || and it is <email: at {mailname} dot com>

The heading names language, section and circumstances: `contract` (one is running), `code` (a job about code).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import yaml

from evenhand.lab.contact_details.disguises import DISGUISES

PARTS: Final = ("develop", "held_out", "afterwards", "tuning", "independent", "unseen")
COPIES: Final = 10
"""Times a template with slots is filled; what comes out twice is kept once."""

SLOT: Final = re.compile(r"(?<!\{)\{(\w+)(?:\|(\w+))?\}(?!\})")
LABEL: Final = re.compile(r"<([a-z/]+): ((?:[^<>]|<\w+>)*)>")


@dataclass(frozen=True, kw_only=True)
class Label:
    """A detail in a message: any of `kinds` is right, at `start` to `end` of the text."""

    kinds: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message with what is in it."""

    text: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, kw_only=True)
class Thread:
    """Messages of one sender in a row; `section` is plain, obfuscated, asked, declined or clean."""

    template: str
    language: str
    section: str
    circumstances: tuple[str, ...]
    messages: tuple[Message, ...]


def threads(part: str) -> Iterator[Thread]:
    """All threads of a part, in the order of its templates; the same at every call."""
    folder = files("evenhand.lab.contact_details").joinpath("corpus")
    values = yaml.safe_load(folder.joinpath(f"{part}.yaml").read_text(encoding="utf-8"))
    for heading, template in _templates(folder.joinpath(f"{part}.txt").read_text(encoding="utf-8")):
        language, section, *circumstances = heading
        draw = random.Random(template)  # noqa: S311  # made-up text, not a secret
        filled = (tuple(_message(line, values, draw) for line in template.split(" || ")) for _ in range(COPIES))
        for messages in dict.fromkeys(filled):
            yield Thread(
                template=template,
                language=language,
                section=section,
                circumstances=tuple(circumstances),
                messages=messages,
            )


def _templates(text: str) -> Iterator[tuple[Sequence[str], str]]:
    heading: Sequence[str] = ()
    for line in text.splitlines():
        if line.startswith("== "):
            heading = line[3:].split()
        elif line and not line.startswith("# "):
            yield heading, line


def _message(line: str, values: Mapping[str, Sequence[str]], draw: random.Random) -> Message:
    """A message from its template: first the labels are found, then the slots filled, so that spans are exact."""
    text, labels, end = "", [], 0
    for found in LABEL.finditer(line):
        text += _filled(line[end : found.start()], values, draw)
        detail = _filled(found[2], values, draw)
        labels.append(Label(kinds=tuple(found[1].split("/")), start=len(text), end=len(text) + len(detail)))
        text, end = text + detail, found.end()
    return Message(text=text + _filled(line[end:], values, draw), labels=tuple(labels))


def _filled(text: str, values: Mapping[str, Sequence[str]], draw: random.Random) -> str:
    def value(slot: re.Match[str]) -> str:
        if slot[1] not in values:
            return slot[0]
        chosen = draw.choice(values[slot[1]])
        plain = re.sub("[#~]", lambda mark: draw.choice("0123456789" if mark[0] == "#" else "0123456789abcdef"), chosen)
        return DISGUISES[slot[2]](plain) if slot[2] else plain

    return SLOT.sub(value, text).replace("{{", "{").replace("}}", "}").replace("\\n", "\n")
