"""A policy file as YAML nodes that know where they stand; values are read strictly, one key at a time.

Nothing is constructed from tags: a scalar is text, and each key says how its text is to be read. Faults are collected,
so that an author sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

import yaml

from evenhand.policy.conditions.condition import Condition, read
from evenhand.policy.conditions.flaws import Flawed
from evenhand.policy.conditions.names import Names, did_you_mean
from evenhand.policy.findings import Finding, refusal

_PLAIN: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))
LONGEST_NAME: Final = 100
"""Characters that a name or version may have."""

_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class Document:
    """The text of one file and the faults found in it so far; `marks` maps a path to its line and column."""

    file: str
    text: str
    faults: list[Finding] = field(default_factory=list)
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def root(self) -> Section:
        """The file's one mapping; raises `PolicyRefused` where the text is not YAML or holds anything else."""
        try:
            node = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = f"{self.file}:{mark.line + 1}:{mark.column + 1}" if mark else self.file
            raise refusal(
                [Finding(where=where, message=f"not YAML: {error.problem}", hint="check indents and quotes")]
            ) from None
        except (yaml.YAMLError, RecursionError) as error:
            raise refusal([Finding(where=self.file, message=f"not YAML: {error}")]) from None
        if not isinstance(node, yaml.MappingNode):
            found = Finding(
                where=f"{self.file}:1:1", message="the file holds no policy", hint="such as `name: activity`"
            )
            raise refusal([found])
        return Section(document=self, node=node, path="")

    def fault(self, offset_or_node: yaml.Node | int, message: str, hint: str = "") -> None:
        """Note a fault at a node or at an offset of the text."""
        line, column = self._place(offset_or_node)
        self.faults.append(Finding(where=f"{self.file}:{line}:{column}", message=message, hint=hint))

    def mark(self, path: str, node: yaml.Node) -> None:
        """Remember where `path` stands."""
        self.marks[path] = self._place(node)

    def finish(self) -> None:
        """Raise `PolicyRefused` with every fault noted, in the order of the file."""
        if self.faults:
            raise refusal(sorted(self.faults, key=_place_of))

    def _place(self, offset_or_node: yaml.Node | int) -> tuple[int, int]:
        if isinstance(offset_or_node, yaml.Node):
            return offset_or_node.start_mark.line + 1, offset_or_node.start_mark.column + 1
        before = self.text[:offset_or_node]
        return before.count("\n") + 1, offset_or_node - before.rfind("\n")


@dataclass(kw_only=True)
class Section:
    """One mapping of the file. A key that nobody asked for by the time of `close` is a fault."""

    document: Document
    node: yaml.MappingNode
    path: str
    values: dict[str, yaml.Node] = field(init=False)
    asked: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.values = {}
        self.document.mark(self.path, self.node)
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.document.fault(key, "a key must be a word")
            elif key.value in self.values:
                self.document.fault(key, f"`{key.value}` stands twice", "keep one of them")
            else:
                self.values[key.value] = value
                self.document.mark(self._below(key.value), key)

    def close(self, known: Collection[str] = ()) -> None:
        """Note every key that is neither asked for nor `known`."""
        for key, _ in self.node.value:
            if isinstance(key, yaml.ScalarNode) and key.value not in self.asked | set(known):
                self.document.fault(key, f"unknown key `{key.value}`", did_you_mean(key.value, self.asked | set(known)))

    def text(self, key: str, *, required: bool = True) -> str:
        """A text; empty where it is absent or faulty (the fault is noted)."""
        found = self._scalar(key, required=required)
        if found is None:
            return ""
        return self._printable(found)

    def word(self, key: str, known: Collection[str], *, default: str | None = None) -> str:
        """One of the `known` words; the default, else the first known one, where absent or faulty."""
        found = self._scalar(key, required=default is None)
        if found and found.value in known:
            return str(found.value)
        if found:
            self.document.fault(found, f"unknown `{key}: {found.value}`", did_you_mean(found.value, known))
        return default or next(iter(known))

    def number(self, key: str, *, above: float, below: float, required: bool = True) -> float | None:
        """A number strictly between `above` and `below`."""
        found = self._scalar(key, required=required)
        if found is None:
            return None
        if _NUMBER.fullmatch(found.value) and above < float(found.value) < below:
            return float(found.value)
        self.document.fault(
            found, f"`{key}: {found.value}` is out of range", f"a number above {above:g} and below {below:g}"
        )
        return None

    def whole(self, key: str, *, least: int, most: int, required: bool = False) -> int | None:
        """A whole number from `least` to `most`."""
        found = self._scalar(key, required=required)
        if found is None:
            return None
        if re.fullmatch(r"[0-9]{1,12}", found.value) and least <= int(found.value) <= most:
            return int(found.value)
        self.document.fault(found, f"`{key}: {found.value}` is out of range", f"a whole number from {least} to {most}")
        return None

    def day(self, key: str) -> date:
        """A date such as 2027-01-01."""
        found = self._scalar(key, required=True)
        try:
            return date.fromisoformat(found.value) if found else date.min
        except ValueError:
            self.document.fault(
                found or self.node, f"`{key}: {found.value if found else ''}` is not a date", "such as `2027-01-01`"
            )
            return date.min

    def instant(self, key: str) -> datetime | None:
        """A time in UTC, without a zone like all times inside; a date alone is midnight, no offset means UTC."""
        found = self._scalar(key, required=False)
        if found is None:
            return None
        try:
            parsed = datetime.fromisoformat(found.value)
        except ValueError:
            self.document.fault(found, f"`{key}: {found.value}` is not a time", "such as `2027-01-01T00:00:00Z`")
            return None
        return parsed if parsed.tzinfo is None else parsed.astimezone(UTC).replace(tzinfo=None)

    def condition(self, key: str, names: Names, *, required: bool = True) -> Condition | None:
        """A condition over `names`; its faults are noted at the offending characters."""
        found = self._scalar(key, required=required)
        if found is None:
            return None
        try:
            return read(found.value, names)
        except Flawed as flawed:
            for flaw in flawed.flaws:
                self.document.fault(_offset(self.document.text, found, flaw.start), flaw.message, flaw.hint)
            return None

    def words(self, key: str, *, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of words, each once; `default` where the key is absent, which is a fault if there is none."""
        node = self._value(key)
        if node is None and default:
            return tuple(default)
        if not isinstance(node, yaml.SequenceNode) or not (node.value or default):
            example = ", ".join(default) or "price"
            self.document.fault(node or self.node, f"`{key}` must be a list of words", f"such as `{key}: [{example}]`")
            return tuple(default)
        found: list[str] = []
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode) or item.value in found:
                self.document.fault(item, f"each of `{key}` must be a word that stands there once")
            else:
                found.append(self._printable(item))
        return tuple(found)

    def section(self, key: str) -> Section | None:
        """A mapping under `key`, None where it is absent or something else (noted)."""
        node = self._value(key)
        if node is None or isinstance(node, yaml.MappingNode):
            return Section(document=self.document, node=node, path=self._below(key)) if node else None
        self.document.fault(node, f"`{key}` must be a mapping", f"such as `{key}: {{name: value}}`")
        return None

    def sections(self, key: str, named_by: str) -> Iterator[Section]:
        """The mappings of a list under `key`; each one's path ends in its own `named_by`."""
        node = self._value(key)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.document.fault(node, f"`{key}` must be a list", f"such as `- {{{named_by}: ...}}`")
            return
        if not node.value:
            self.document.fault(node, f"`{key}` is empty", "one or more")
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                yield Section(document=self.document, node=item, path=self._below(key, _named(item, named_by)))
            else:
                self.document.fault(item, f"each of `{key}` must be a mapping", f"such as `- {{{named_by}: ...}}`")

    def fault(self, key: str, message: str, hint: str = "") -> None:
        """Note a fault at the value of `key`, or at the whole section where it has none."""
        self.document.fault(self.values.get(key, self.node), message, hint)

    def names(self) -> list[str]:
        """The section's own keys, sorted, where any word may be a key."""
        return sorted(self._printable(key) for key, _ in self.node.value if isinstance(key, yaml.ScalarNode))

    def _printable(self, node: yaml.ScalarNode) -> str:
        text = str(node.value)
        if not text or len(text) > LONGEST_NAME or not text.isprintable():
            self.document.fault(node, f"{text[:20]!r} is not a name", f"1 to {LONGEST_NAME} visible characters")
        return text

    def _value(self, key: str) -> yaml.Node | None:
        self.asked.add(key)
        return self.values.get(key)

    def _scalar(self, key: str, *, required: bool) -> yaml.ScalarNode | None:
        node = self._value(key)
        if node is None:
            if required:
                self.document.fault(self.node, f"`{key}` is missing")
            return None
        if not isinstance(node, yaml.ScalarNode) or node.tag not in _PLAIN:
            self.document.fault(node, f"`{key}` must be a single plain value")
            return None
        if node.tag.endswith(":null") or node.value == "":
            if required:
                self.document.fault(node, f"`{key}` is empty")
            return None
        return node

    def _below(self, *keys: str) -> str:
        return "/".join([self.path, *keys] if self.path else keys)


def _named(node: yaml.MappingNode, key: str) -> str:
    return next((str(v.value) for k, v in node.value if k.value == key and isinstance(v, yaml.ScalarNode)), "")


def _place_of(finding: Finding) -> tuple[int, int]:
    _, line, column = finding.where.rsplit(":", 2)
    return int(line), int(column)


def _offset(source: str, node: yaml.ScalarNode, start: int) -> int:
    """Offset in the file of the character `start` of a scalar's value.

    The value's visible characters follow one another in the file with only blanks and doubled quotes between them, so
    the place is found by walking both together; where an escape hides a character, the scalar itself is the place.
    """
    place = int(node.start_mark.index)
    if node.style in {"|", ">"}:
        place = source.find("\n", place) + 1
    elif node.style is not None:
        place += 1
    end = int(node.end_mark.index)
    for character in (character for character in node.value[: start + 1] if not character.isspace()):
        place = source.find(character, place, end) + 1
        if not place:
            return int(node.start_mark.index)
    return place - 1
