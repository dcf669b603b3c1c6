"""P10 in other engines, each in its fastest documented mode: compiled once, then one call per account.

A maker takes nothing and returns a function from an account's twelve fields to the step, one of `p10.OUTCOMES`. The
peers are installed in `.venv-bench` alone; nothing else imports this file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.p10 import COLUMNS

Judge = Callable[[Mapping[str, Any]], str]

ELIGIBLE: Final = "status == 'active' && !protected && age_days >= 30"
CASES: Final = {
    "restrict": "link_score >= 0.95",
    "limit": "leak_score >= 0.9 && leak_hits >= 3",
    "warn": "proposals_90d >= 150 && hires_90d == 0 && interview_rate < 0.02 && similarity >= 0.8",
}
ONE: Final = (
    f"!({ELIGIBLE}) ? 'none' : " + "".join(f"({text}) ? '{step}' : " for step, text in CASES.items()) + "'none'"
)
"""P10 as one conditional expression, which CEL and zen read alike; the highest step is asked first."""


def plain_python() -> Judge:
    """A function as a programmer would write it: no trace, no nulls, stops at the first answer."""

    def judge(a: Mapping[str, Any]) -> str:
        if a["status"] != "active" or a["protected"] or a["age_days"] < 30:
            return "none"
        if a["link_score"] >= 0.95:
            return "restrict"
        if a["leak_score"] >= 0.9 and a["leak_hits"] >= 3:
            return "limit"
        spam = a["proposals_90d"] >= 150 and a["hires_90d"] == 0
        return "warn" if spam and a["interview_rate"] < 0.02 and a["similarity"] >= 0.8 else "none"

    return judge


def zen_expression() -> Judge:
    """One compiled expression of zen."""
    import zen

    text = ONE.replace("&&", "and").replace("!(", "not(").replace("!protected", "not protected")
    program = zen.compile_expression(text)
    judge: Judge = program.evaluate
    return judge


def zen_table() -> Judge:
    """A decision table of zen, first hit."""
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(_table()))
    return lambda account: decision.evaluate(account)["result"].get("step", "none")


def _table() -> dict[str, Any]:
    asked = {
        "status": ("!= 'active'",),
        "protected": ("", "true"),
        "age_days": ("", "", "< 30"),
        "link_score": ("", "", "", ">= 0.95"),
        "leak_score": ("", "", "", "", ">= 0.9"),
        "leak_hits": ("", "", "", "", ">= 3"),
        "proposals_90d": ("", "", "", "", "", ">= 150"),
        "hires_90d": ("", "", "", "", "", "0"),
        "interview_rate": ("", "", "", "", "", "< 0.02"),
        "similarity": ("", "", "", "", "", ">= 0.8"),
    }
    steps = ("none", "none", "none", "restrict", "limit", "warn")
    rules = [
        {"_id": f"r{at}", "out": f"'{step}'"} | {name: (*cells, *[""] * 6)[at] for name, cells in asked.items()}
        for at, step in enumerate(steps)
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in asked],
        "outputs": [{"id": "out", "name": "step", "field": "step"}],
        "rules": rules,
    }
    nodes = [("in", "inputNode", {}), ("table", "decisionTableNode", table), ("out", "outputNode", {})]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": key, "type": kind, "name": key, "position": {"x": 0, "y": 0}, "content": content}
            for key, kind, content in nodes
        ],
        "edges": [
            {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b}
            for a, b in (("in", "table"), ("table", "out"))
        ],
    }


def rule_engine() -> Judge:
    """Four compiled rules, asked in turn."""
    from rule_engine import Rule

    def rule(text: str) -> Any:
        return Rule(text.replace("&&", "and").replace("!protected", "not protected"))

    eligible, cases = rule(ELIGIBLE), [(step, rule(text)) for step, text in CASES.items()]
    return _in_turn(eligible.matches, [(step, case.matches) for step, case in cases])


def google_cel() -> Judge:
    """One compiled expression of Google's C++ implementation, typed."""
    from cel_expr_python import cel

    kinds = {"text": cel.Type.STRING, "boolean": cel.Type.BOOL, "number": cel.Type.DOUBLE}
    whole = {"age_days", "proposals_90d", "hires_90d", "leak_hits"}
    types = {name: cel.Type.INT if name in whole else kinds[kind] for name, kind in COLUMNS.items()}
    environment = cel.NewEnv(variables=types)
    program = environment.compile(ONE)
    fields = tuple(COLUMNS)
    return lambda account: program.eval(data={name: account[name] for name in fields}).value()


def rust_cel() -> Judge:
    """One compiled expression of the Rust implementation."""
    import cel

    program = cel.compile(ONE)
    judge: Judge = program.execute
    return judge


def cel_python() -> Judge:
    """One expression of the implementation in Python."""
    import celpy

    environment = celpy.Environment()
    program = environment.program(environment.compile(ONE))
    return lambda account: str(program.evaluate(celpy.json_to_cel(dict(account))))


def json_logic() -> Judge:
    """One compiled rule of the Rust implementation."""
    from datalogic_py import Engine

    var = {name: {"var": name} for name in COLUMNS}
    eligible = {"and": [{"==": [var["status"], "active"]}, {"!": [var["protected"]]}, {">=": [var["age_days"], 30]}]}
    spam = [{">=": [var["proposals_90d"], 150]}, {"==": [var["hires_90d"], 0]}]
    spam += [{"<": [var["interview_rate"], 0.02]}, {">=": [var["similarity"], 0.8]}]
    leak = [{">=": [var["leak_score"], 0.9]}, {">=": [var["leak_hits"], 3]}]
    cases = [{">=": [var["link_score"], 0.95]}, "restrict", {"and": leak}, "limit", {"and": spam}, "warn", "none"]
    rule = Engine().compile({"if": [{"!": [eligible]}, "none", *cases]})
    judge: Judge = rule.evaluate
    return judge


def business_rules() -> Judge:
    """Three rules with their conditions nested, the first that triggers."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    marks = {"text": string_rule_variable, "boolean": boolean_rule_variable, "number": numeric_rule_variable}

    class Actions(BaseActions):  # type: ignore[misc]  # the package has no types
        step = "none"

        @rule_action(params={"step": FIELD_TEXT})  # type: ignore[untyped-decorator]  # see above
        def take(self, step: str) -> None:
            self.step = step

    def reader(name: str) -> Any:
        def read(self: Any) -> Any:
            return self.account[name]

        read.__name__ = name
        return marks[COLUMNS[name]]()(read)

    members = {name: reader(name) for name in COLUMNS}
    variables = type(
        "Variables", (BaseVariables,), {"__init__": lambda self, a: setattr(self, "account", a), **members}
    )
    rules = [
        {
            "conditions": {"all": [*map(_condition, ELIGIBLE.split(" && ")), *map(_condition, text.split(" && "))]},
            "actions": [{"name": "take", "params": {"step": step}}],
        }
        for step, text in CASES.items()
    ]

    def judge(account: Mapping[str, Any]) -> str:
        actions = Actions()
        run_all(
            rule_list=rules, defined_variables=variables(account), defined_actions=actions, stop_on_first_trigger=True
        )
        return actions.step

    return judge


def _condition(text: str) -> dict[str, Any]:
    if text == "!protected":
        return {"name": "protected", "operator": "is_false", "value": []}
    name, sign, value = text.split()
    operators = {">=": "greater_than_or_equal_to", "<": "less_than", "==": "equal_to"}
    return {"name": name, "operator": operators[sign], "value": json.loads(value.replace("'", '"'))}


def _in_turn(eligible: Callable[[Mapping[str, Any]], bool], cases: list[tuple[str, Any]]) -> Judge:
    def judge(account: Mapping[str, Any]) -> str:
        return next((step for step, holds in cases if holds(account)), "none") if eligible(account) else "none"

    return judge


PEERS: Final[dict[str, tuple[str, Callable[[], Judge]]]] = {
    "plain Python function": ("", plain_python),
    "zen, compiled expression": ("zen-engine", zen_expression),
    "zen, decision table": ("zen-engine", zen_table),
    "rule-engine": ("rule-engine", rule_engine),
    "CEL, Google's C++": ("cel-expr-python", google_cel),
    "CEL, Rust": ("common-expression-language", rust_cel),
    "CEL, Python": ("cel-python", cel_python),
    "json-logic, Rust": ("datalogic-py", json_logic),
    "business-rules": ("business-rules", business_rules),
}
"""What is compared, by the name in the table: the package whose version is told, and the maker."""
