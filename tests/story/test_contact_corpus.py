"""The corpus of contact details: what it holds, and that its parts share nothing but the language."""

from __future__ import annotations

from collections import Counter

from evenhand.lab.contact_details.corpus import PARTS, Thread, threads

CORPUS = {part: list(threads(part)) for part in PARTS}


def messages(part: list[Thread]) -> list[str]:
    """What is written in it."""
    return [message.text for thread in part for message in thread.messages]


def test_there_are_three_thousand_messages() -> None:
    """At least 3,000 distinct messages, a thousand in either half, both languages, a quarter without any detail."""
    written = {part: set(messages(own)) for part, own in CORPUS.items()}
    assert len(set.union(*written.values())) >= 3000
    assert min(len(written["develop"]), len(written["held_out"])) >= 1000
    for own in (CORPUS["develop"], CORPUS["held_out"]):
        languages = Counter(thread.language for thread in own)
        assert min(languages["en"], languages["es"]) >= 400
        assert sum(thread.section in {"clean", "asked", "declined"} for thread in own) >= len(own) / 4


def test_the_halves_share_no_template() -> None:
    """What rules are judged on is phrased otherwise than what they are written on, not only filled otherwise."""
    templates = {part: {thread.template for thread in own} for part, own in CORPUS.items()}
    assert min(len(templates["develop"]), len(templates["held_out"])) >= 300
    assert not templates["develop"] & templates["held_out"]
    assert not (templates["develop"] | templates["held_out"]) & templates["afterwards"]


def test_labels_stand_where_they_say() -> None:
    """A labelled span is a part of its message and not empty, and no slot is left unfilled."""
    for own in CORPUS.values():
        for thread in own:
            for message in thread.messages:
                assert all(0 <= label.start < label.end <= len(message.text) for label in message.labels)
                assert not any(f"{{{name}" in message.text for name in ("user", "mail", "phone", "n2", "site"))


def test_the_corpus_is_the_same_every_time() -> None:
    """Two readings give the same threads."""
    assert list(threads("develop")) == CORPUS["develop"]
