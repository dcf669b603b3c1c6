"""What members and reviewers may write and attach: texts of bounded length, files of few kinds.

A file is known by its first bytes and not by its name.
"""

from __future__ import annotations

from typing import Final

from evenhand.errors import ActRefused

LARGEST: Final = 10_000_000
"""Bytes a file may have."""

LONGEST: Final = 100_000
"""Characters a text may have: some forty pages."""

MOST: Final = 10
"""Files that one turn may have."""

_BEGINS: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


def media_type(content: bytes, name: str) -> str:
    """What a file is: PDF, PNG, JPEG or plain text; raises `ActRefused` for any other, an empty or too large one.

    >>> media_type(b"%PDF-1.7 ...", "invoice.pdf"), media_type("café".encode(), "note")
    ('application/pdf', 'text/plain; charset=utf-8')
    """
    if not content or len(content) > LARGEST:
        fault = "too large" if content else "empty"
        raise ActRefused(f"`{name}` is {fault}", where="attachments", hint=f"a file has 1 to {LARGEST:,} bytes")
    known = next((kind for begin, kind in _BEGINS.items() if content.startswith(begin)), None)
    if known is None and not _is_text(content):
        raise ActRefused(
            f"`{name}` is of no kind that can be kept", where="attachments", hint="PDF, PNG, JPEG or plain text (UTF-8)"
        )
    return known or "text/plain; charset=utf-8"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\t\r\n" for character in text)
