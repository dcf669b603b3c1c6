"""Scenarios as data: `scenarios/base.yaml` says everything, the others only what they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from evenhand.errors import RunRefused

Value = int | float | bool | str
Settings = Mapping[str, Mapping[str, Value]]
"""Groups of settings, as in the files."""

FOLDER: Final = Path(__file__).with_name("scenarios")
BASE: Final = "base"

TRAITS: Final[Mapping[str, float]] = {
    "share": 0.0,
    "merit_low": 1.0,
    "merit_high": 1.0,
    "merit_spread": 0.0,
    "after_low": 0.0,
    "after_high": 0.0,
    "diverted_low": 0.0,
    "diverted_high": 0.0,
    "volume": 1.0,
    "volume_spread": 0.0,
    "price": 0.0,
    "success": 1.0,
    "established": 0.0,
    "stays": 1.0,
    "returns": 0.0,
}
"""What may be said of a kind of member, and what holds where a scenario says nothing."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One made-up world: `settings` in groups, `kinds` of members with their traits; `doc` says what is special.

    The first kind gets what the shares of the others leave over. Raises `RunRefused` where they leave nothing.
    """

    name: str
    doc: str
    settings: Settings
    kinds: Mapping[str, Mapping[str, float]]

    def __post_init__(self) -> None:
        taken = sum(traits.get("share", 0.0) for traits in self.kinds.values())
        if taken > 1:
            raise RunRefused(
                f"the shares of the kinds add up to {taken:g}",
                where=f"scenario `{self.name}`",
                hint="together they may be 1 at most; the first kind gets what is left",
            )

    def varied(self, changes: Mapping[str, Mapping[str, Any]], *, name: str = "", doc: str = "") -> Scenario:
        """This scenario with some settings changed; `kinds` in `changes` holds kinds with the traits that change.

        Raises `RunRefused` where a group, a setting, a kind or a trait is not known.
        """
        where = name or self.name
        groups = {group: values for group, values in changes.items() if group != "kinds"}
        kinds = changes.get("kinds", {})
        _check_known(kinds, self.kinds, "kind", where)
        for traits in kinds.values():
            _check_known(traits, TRAITS, "trait", where)
        return replace(
            self,
            name=where,
            doc=doc or self.doc,
            settings=_merged(self.settings, groups, where),
            kinds={kind: {**traits, **kinds.get(kind, {})} for kind, traits in self.kinds.items()},
        )

    def variables(self) -> Mapping[str, Value]:
        """Every setting under one name, `group_setting`, as the statements ask for it.

        >>> load_scenario("base").variables()["choice_no_review"]
        0.5
        """
        return {
            group if name == "count" else f"{group}_{name}": value
            for group, values in self.settings.items()
            for name, value in values.items()
        }


def scenario_names() -> tuple[str, ...]:
    """Names of all scenarios, `base` first.

    >>> scenario_names()[0]
    'base'
    """
    return tuple(sorted((path.stem for path in FOLDER.glob("*.yaml")), key=lambda name: (name != BASE, name)))


def load_scenario(name: str) -> Scenario:
    """The scenario called `name`; raises `RunRefused` with the known names if there is none."""
    if name not in scenario_names():
        known = ", ".join(f"`{known}`" for known in scenario_names())
        raise RunRefused(f"no scenario is called `{name}`", where="--scenario", hint=f"known are {known}")
    content = _content(BASE)
    base = Scenario(name=BASE, doc=content.pop("doc"), kinds=content.pop("kinds"), settings=content)
    if name == BASE:
        return base
    changes = _content(name)
    return base.varied(changes, name=name, doc=changes.pop("doc"))


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def _merged(settings: Settings, changes: Settings, where: str) -> Settings:
    _check_known(changes, settings, "group", where)
    for group, values in changes.items():
        _check_known(values, settings[group], f"setting of `{group}`", where)
    return {group: {**values, **changes.get(group, {})} for group, values in settings.items()}


def _check_known(given: Mapping[str, object], known: Mapping[str, object], what: str, where: str) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        names = ", ".join(f"`{name}`" for name in known)
        raise RunRefused(f"no {what} is called `{unknown[0]}`", where=f"scenario `{where}`", hint=f"known are {names}")
