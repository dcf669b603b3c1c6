"""What may be attached is known by its first bytes, and anything else is refused."""

from __future__ import annotations

import pytest

from evenhand.appeals.attachments import LARGEST, media_type
from evenhand.errors import ActRefused


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("two lines,\r\n\tcafé".encode(), "text/plain; charset=utf-8"),
        (b"%PDF-".ljust(LARGEST), "application/pdf"),
    ],
    ids=["pdf", "png", "jpeg", "text", "largest"],
)
def test_a_file_is_what_it_begins_with(content: bytes, kind: str) -> None:
    """Its name says nothing of it."""
    assert media_type(content, "photo.exe") == kind


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"%PDF-" + bytes(LARGEST), "is too large"),
        (b"MZ\x90\x00 a program", "is of no kind that can be kept"),
        (b"zero\x00byte", "is of no kind that can be kept"),
    ],
    ids=["empty", "large", "no text", "binary"],
)
def test_another_file_is_refused_by_name(content: bytes, fault: str) -> None:
    """A good name does not help it."""
    with pytest.raises(ActRefused, match=f"`bill.pdf` {fault}"):
        media_type(content, "bill.pdf")
