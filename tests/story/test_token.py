"""The link in a letter opens the case of that letter, and no other."""

from __future__ import annotations

import pytest

from evenhand.appeals.token import message_of, token
from evenhand.errors import ActRefused

SECRET, MESSAGE = b"secret", "mismatch-1/2/hearing"


def test_a_token_names_its_message() -> None:
    """Also with the blanks that a copied line brings along."""
    assert message_of(SECRET, f" {token(SECRET, MESSAGE)}\n") == MESSAGE


@pytest.mark.parametrize(
    "given",
    [
        token(b"another secret", MESSAGE),
        token(SECRET, MESSAGE).replace("mismatch-1", "mismatch-2"),
        token(SECRET, MESSAGE)[:-1],
        MESSAGE,
        f"{MESSAGE}.\udce9",
        "",
    ],
    ids=["another house", "another case", "cut", "unsigned", "no text", "empty"],
)
def test_any_other_token_is_refused(given: str) -> None:
    """One signed elsewhere, changed, cut, or made of bytes that are no text."""
    with pytest.raises(ActRefused, match="this link opens no case"):
        message_of(SECRET, given)
