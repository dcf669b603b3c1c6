"""Messages per CPU-second of the detectors of contact details beside a matcher of numbers (`make bench-contacts`).

Two streams of messages of about 260 characters (B3): one as on a marketplace, with a detail in 3 % and digits in 20 %
of the messages, and one of messages with a detail only. Each is read by the batch port as it is shipped, items and
conversations included, and by the matcher, which knows telephone numbers in figures and nothing else.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import phonenumbers
import pyarrow as pa

from benchmarks.decisions import measured, publish
from benchmarks.p10 import SEED
from evenhand.lab.contact_details.corpus import PARTS, threads
from evenhand.workflows.find_contact_details import ContactDetails

MESSAGES: Final = 60_000
ROWS_AT_ONCE: Final = 5_000
LENGTH: Final = 260
MARKS: Final = ("<!-- contacts: begin -->", "<!-- contacts: end -->")
PROSE: Final = (
    "Thank you for the detailed answer, that helps a lot.",
    "I would start with the wireframes and show you some options by Thursday.",
    "The tone should be warm and clear, with short sentences and no jargon.",
    "Please let me know whether the second page should stay as it is.",
    "We tried a different agency before and were not happy with the result.",
    "My idea is to keep the menu simple and to move the rest to the footer.",
    "Could you tell me a little more about the people who will use it?",
)


def texts(draw: random.Random, count: int, with_detail: float, with_digits: float) -> Iterator[str]:
    """Messages of the corpus between sentences, in the given shares; the others are sentences alone."""
    everything = [thread for part in PARTS for thread in threads(part)]
    details = [one.text for thread in everything for one in thread.messages if one.labels and not thread.circumstances]
    digits = [
        one.text
        for thread in everything
        if thread.section == "clean" and not thread.circumstances
        for one in thread.messages
        if any(char.isdigit() for char in one.text)
    ]
    for _ in range(count):
        place = draw.random()
        said = (
            draw.choice(details)
            if place < with_detail
            else draw.choice(digits)
            if place < with_detail + with_digits
            else ""
        )
        while len(said) < LENGTH:
            said = f"{draw.choice(PROSE)} {said}"
        yield said


def batches(said: Sequence[str]) -> list[pa.RecordBatch]:
    """The messages as a marketplace would hand them over, in conversations of six."""
    start = datetime(2026, 1, 1)
    rows = [
        {
            "message_id": str(number),
            "thread_id": str(number // 6),
            "sender_id": f"a{number % 2}",
            "recipient_id": f"a{1 - number % 2}",
            "sent_at": start + timedelta(seconds=number),
            "text": text,
        }
        for number, text in enumerate(said)
    ]
    return [pa.RecordBatch.from_pylist(rows[at : at + ROWS_AT_ONCE]) for at in range(0, len(rows), ROWS_AT_ONCE)]


def by_evenhand(stream: Sequence[pa.RecordBatch]) -> int:
    """How many items the batch port finds."""
    return sum(found.num_rows for found in ContactDetails(key=b"benchmark").items(stream))


def by_matcher(said: Sequence[str]) -> int:
    """How many telephone numbers the matcher finds."""
    return sum(1 for text in said for _ in phonenumbers.PhoneNumberMatcher(text, "US"))


def compare(rounds: int) -> dict[str, Any]:
    """Both in turns on both streams."""
    draw = random.Random(SEED)  # noqa: S311  # made-up text, not a secret
    marketplace = list(texts(draw, MESSAGES, with_detail=0.03, with_digits=0.2))
    details = list(texts(draw, MESSAGES // 10, with_detail=1, with_digits=0))
    streams = {"marketplace": rates(marketplace, rounds), "details only": rates(details, rounds)}
    return {"phonenumbers": version("phonenumbers"), "google_re2": version("google-re2"), "streams": streams}


def rates(said: Sequence[str], rounds: int) -> dict[str, Any]:
    """Messages per CPU-second of every turn; the matcher reads a part of the stream."""
    few, stream = said[: len(said) // 10], batches(said)
    turns = {
        "Evenhand": (len(said), partial(by_evenhand, stream)),
        "phonenumbers, matcher": (len(few), partial(by_matcher, few)),
    }
    found: dict[str, list[int]] = {name: [] for name in turns}
    items = by_evenhand(stream)  # and everything that is loaded once
    for _ in range(rounds):
        for name, (count, turn) in turns.items():
            began = time.process_time()
            turn()
            found[name].append(round(count / (time.process_time() - began)))
    return {"messages": len(said), "items": items, "messages_per_cpu_second": found}


def table(result: Mapping[str, Any]) -> str:
    """The result as a table for the page."""
    caption = (
        f"Messages of about {LENGTH} characters; seed {SEED}; Python {result['python']},"
        f" google-re2 {result['google_re2']},"
        f" phonenumbers {result['phonenumbers']}; {result['rounds']} rounds in turns;"
        f" load before {result['load_before']}."
    )
    lines = [caption, "", "| stream | | messages per CPU-second, best | range |", "|---|---|---|---|"]
    for stream, told in result["streams"].items():
        for name, rates in told["messages_per_cpu_second"].items():
            lines.append(f"| {stream} | {name} | {max(rates):,} | {min(rates):,} to {max(rates):,} |")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, compare, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    given = parser.parse_args()
    result = measured(given.rounds, compare)
    if given.rehearse:
        print(table(result))
    else:
        publish(result, "contacts", MARKS, table(result))


if __name__ == "__main__":
    main()
