"""A case file as text for a terminal: the same document that `--json` prints, in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS

SHOWN: Final = (
    *("decided", "wins", "fair_wins", "odds_ratio", "odds_ratio_low", "odds_ratio_high", "log_e"),
    *dict.fromkeys(column.name for columns in CONDUCT_COLUMNS.values() for column in columns),
)
"""The evidence that stands in the text; all of it stands in the JSON."""

GONE: Final = "(erased)"
"""What stands for words of an account that was erased."""


def sections(file: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The sections that have anything in them, each with its name."""
    for name, lines in (
        ("case", _head(file)),
        ("measures", _measures(file)),
        ("evidence", _evidence(file)),
        ("dialogue", _dialogue(file)),
        ("decisions", _decisions(file)),
        ("letters", _letters(file)),
        ("effects", _effects(file)),
        ("precedents", _precedents(file)),
    ):
        text = "\n".join(lines)
        if text:
            yield name, text


def _head(file: Mapping[str, Any]) -> Iterator[str]:
    yield f"{file['case_id']}: account {file['account_id']}, {file['procedure']}, episode {file['episode']}"
    yield f"stage {file['stage']}; in force: {file['in_force']}; waiting: {file['waiting']}"
    for due in file["due"]:
        yield f"due {due['at']}: {due['then']}"


def _measures(file: Mapping[str, Any]) -> Iterator[str]:
    for m in file["measures"]:
        yield f"{m['number']}. {m['step']} under {m['policy']}, proposed {m['proposed_at']}: {m['sentence']}"
        marks = ("heard_at", "confirmed_at", "delivered_at", "taken_at", "until", "review_at", "flagged_at", "ended_at")
        yield "   " + "; ".join(f"{mark.removesuffix('_at')} {m[mark]}" for mark in marks if m[mark])
        for item in m["items"] or ():
            yield "   " + ", ".join(f"{name}: {value}" for name, value in item.items())


def _evidence(file: Mapping[str, Any]) -> Iterator[str]:
    for m in file["measures"][-1:]:
        yield _figures(m["evidence"])
        yield str(m["reasons"].get("in_words", ""))
    for appeal in file["appeals"]:
        if appeal["evidence"]:
            yield f"measured anew {appeal['remeasured_at']}: {_figures(appeal['evidence'])}"


def _figures(evidence: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_short(evidence[name])}" for name in SHOWN if name in evidence)


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _dialogue(file: Mapping[str, Any]) -> Iterator[str]:
    for turn in file["dialogue"]:
        files = f" [{len(turn['files'])} files]" if turn["files"] else ""
        yield f"{turn['at']} {turn['by']} ({turn['kind']}){files}: {turn['text'] or GONE}"


def _decisions(file: Mapping[str, Any]) -> Iterator[str]:
    for made in file.get("decisions", ()):
        seen = ", ".join(f"{o['what']} {o['seconds']} s" for o in made["opened"] or ())
        yield f"{made['at']} {made['by']} {made['kind']}: {made['reason'] or GONE} (opened {seen or 'nothing'})"


def _letters(file: Mapping[str, Any]) -> Iterator[str]:
    for letter in file["letters"]:
        arrived = f"arrived {letter['delivered_at']}" if letter["delivered_at"] else "no proof that it arrived"
        yield f"{letter['id']}: {letter['subject'] or GONE}; {arrived}"


def _effects(file: Mapping[str, Any]) -> Iterator[str]:
    for effect in file["effects"]:
        what = f"undoes {effect['undoes']}" if effect["undoes"] else f"{effect['name']} {effect['value']}"
        done = "withdrawn" if effect["withdrawn"] else f"done {effect['acknowledged_at'] or 'not yet'}"
        yield f"{effect['id']}: {what}; {done}"


def _precedents(file: Mapping[str, Any]) -> Iterator[str]:
    for p in file.get("precedents", ()):
        yield f"{p['case_id']}: {p['step']} {p['answer']} at {p['at']} ({_figures(p['evidence'])})"
