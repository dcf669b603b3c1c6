"""No text makes the detectors slow (B3): a megabyte in a second, and twice the length in about twice the time."""

from __future__ import annotations

import resource

import pytest

from evenhand.evidence.circumvention.contact.scan import scan

MEGABYTE = 1_000_000

PIECES = [
    *(
        "a",
        "a ",
        "1",
        "1 ",
        "one ",
        "@",
        "a@",
        "a@a.",
        "a.",
        "a.b ",
        "a@b.co ",
        "at ",
        "dot ",
        "at gmail ",
        "www.",
        "http://",
    ),
    *(
        "t.me/",
        "(",
        "[dot]",
        "a at b dot ",
        "+1 212 736 5123 ",
        "212-736-5123 ",
        "telegram: ab_1 ",
        "my ig is ",
        "a_",
        "a-",
        "a*",
    ),
    *(
        "\u200b",
        "\u0430",
        "٣",
        "👍",
        "\xad",
        "DE89370400440532013000 ",
        "t" + "a" * 33 + " ",
        "0x" + "a" * 40 + " ",
        "zoom id ",
    ),
    *(
        "what's your ",
        "can i have your ",
        "i don't share ",
        "keep ",
        "0o",
        "double ",
        "plus ",
        "gmail: ",
        "john@gmail ",
    ),
    *("a . com ", "a" * 62 + ".", "\n", "ab_c on telegram ", "one two three four five six seven ", "h t t p s : / / "),
]


def cpu_seconds(text: str) -> float:
    """CPU time of one reading, the least of three."""
    times = []
    for _ in range(3):
        start = resource.getrusage(resource.RUSAGE_SELF)
        scan(text)
        end = resource.getrusage(resource.RUSAGE_SELF)
        times.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
    return min(times)


@pytest.mark.long
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_length_alone(piece: str) -> None:
    """A megabyte of anything takes less than a second, and at most 2.2 times what half of it takes."""
    text = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
    whole, half = cpu_seconds(text), cpu_seconds(text[: MEGABYTE // 2])
    assert whole < 1
    assert whole < 2.2 * half + 0.005
