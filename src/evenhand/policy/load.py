"""A policy from a file."""

from __future__ import annotations

from pathlib import Path

from evenhand.errors import PolicyRefused
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy

LARGEST_FILE = 1_000_000
"""Bytes a policy file may have."""


def load(path: Path) -> Policy:
    """The policy in the file at `path`, its form judged but not its claims (`checks.run`).

    Raises `PolicyRefused` where there is no such file, it is not text, or its form does not hold.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise PolicyRefused(f"cannot be read: {error.strerror}", hint="name a policy file", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise PolicyRefused(f"not UTF-8 text at byte {error.start}", hint="save it as UTF-8", where=str(path)) from None
    if len(content) > LARGEST_FILE:
        raise PolicyRefused(f"larger than {LARGEST_FILE:,} bytes", hint="is it a policy?", where=str(path))
    return parse(text.replace("\r\n", "\n"), file=str(path))
