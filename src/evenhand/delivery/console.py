"""Letters on the screen, for a first start: whoever reads them carries them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TextIO

from evenhand.decisions.case.entry import Message
from evenhand.decisions.case.kept import Handed


class ConsolePostman:
    """Writes letters to a stream."""

    channel = "console"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, letters: Sequence[Message], now: datetime) -> Iterator[Handed]:
        """See `ports.Postman.send`."""
        del now
        for letter in letters:
            if not letter.notice:
                yield Handed(fate="failed", proof={"why": "the account was erased"})
                continue
            head = f"To {letter.recipient} ({letter.id})\n{letter.notice['subject']}"
            self._stream.write(f"{head}\n\n{letter.notice['text']}\n")
            yield Handed(fate="shown", proof={})
