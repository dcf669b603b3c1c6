"""Second gate: every shape of a condition is on the allow-list and every type fits.

sqlglot reads the text in DuckDB's dialect; its syntax tree is turned node by node into ours. What this page does not
name is refused, so a new version of the parser can add syntax without adding it to policies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp, parse_one
from sqlglot.errors import ParseError

from evenhand.policy.conditions import nodes, tokens
from evenhand.policy.conditions.flaws import Flaw, Flawed
from evenhand.policy.conditions.names import E_POINTS, JOB_NAMES, NAMES, Name, NodeType, did_you_mean, e_at
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read

DEEPEST: Final = 50
"""Levels a condition may have; chains of one connective are one level."""

_EVERY_NAME: Final = {**JOB_NAMES, **NAMES}
"""The first gate has let through only those that the condition at hand may name."""

_LOGIC: Final[Mapping[type[exp.Expr], str]] = {exp.And: "and", exp.Or: "or"}
_COMPARISONS: Final[Mapping[type[exp.Expr], str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: Final[Mapping[type[exp.Expr], str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_FUNCTIONS: Final[Mapping[type[exp.Expr], str]] = {
    exp.Abs: "abs",
    exp.Coalesce: "coalesce",
    exp.Greatest: "greatest",
    exp.Least: "least",
}


def read(text: str, names: Mapping[str, Name] = NAMES) -> Node:
    """The tree of the condition `text` over `names`, of type boolean; raises `Flawed`."""
    tokens.admit(text, names)
    try:
        tree = parse_one(text, read="duckdb")
        node = _node(tree)
        _expect(tree, node, "boolean", "a condition must be true or false")
        if nodes.depth(node) <= DEEPEST:
            return node
    except ParseError as error:
        raise Flawed(_unparsed(text, error)) from None
    except RecursionError:
        pass  # far deeper than any condition that is let in; refused like the others
    raise Flawed(Flaw(start=0, message="condition nested too deeply", hint="nobody could be told the reason"))


def _unparsed(text: str, error: ParseError) -> Flaw:
    first = error.errors[0] if error.errors else {}
    end = int(first.get("col", 1))
    word = str(first.get("highlight", ""))
    # sqlglot counts the column of the last character; its line is that of the text, so only one-line offsets are exact.
    lines = text.split("\n")[: int(first.get("line", 1)) - 1]
    start = sum(len(line) + 1 for line in lines) + max(end - len(word), 0)
    return Flaw(
        start=start,
        message=f"the condition cannot be read at `{word or text}`",
        hint="is an operand or a bracket missing?",
    )


def _node(tree: exp.Expr) -> Node:
    for kinds, build in _SHAPES:
        if type(tree) in kinds:
            return build(tree)
    raise Flawed(
        Flaw(
            start=_start(tree),
            message=f"`{tree.sql(dialect='duckdb')}` may not stand in a condition",
            hint="allowed: and, or, not, comparisons, is null, in, between, + - * and "
            + ", ".join(sorted(tokens.FUNCTIONS)),
        )
    )


def _logic(tree: exp.Expr) -> Node:
    """Chains of one connective become one node, so that brackets without meaning vanish."""
    operator = _LOGIC[type(tree)]
    children: list[Node] = []
    for side in (tree.this, tree.expression):
        node = _node(side)
        _expect(side, node, "boolean", f"`{operator}` joins conditions")
        if isinstance(node, Apply) and node.operator == operator:
            children.extend(node.children)
        else:
            children.append(node)
    return Apply(operator=operator, type="boolean", children=tuple(children))


def _not(tree: exp.Expr) -> Node:
    node = _node(tree.this)
    _expect(tree.this, node, "boolean", "`not` turns a condition round")
    return Apply(operator="not", type="boolean", children=(node,))


def _comparison(tree: exp.Expr) -> Node:
    operator = _COMPARISONS[type(tree)]
    left, right = _node(tree.this), _node(tree.expression)
    if "boolean" in {left.type, right.type}:
        flag = left if left.type == "boolean" else right
        raise _flawed(
            tree,
            f"`{nodes.text(flag)}` is true or false and cannot be compared",
            "write it alone, or with `not` before it",
        )
    _same_type(tree, [left, right])
    if left.type == "text" and operator not in {"=", "<>"}:
        raise _flawed(tree, f"texts have no order for `{operator}`", "compare texts with `=`, `<>` or `in`")
    return Apply(operator=operator, type="boolean", children=(left, right))


def _between(tree: exp.Expr) -> Node:
    if tree.args.get("symmetric"):
        raise _flawed(tree, "`between symmetric` is not known", "write `between low and high`")
    parts = [tree.this, tree.args["low"], tree.args["high"]]
    children = [_node(part) for part in parts]
    for part, child in zip(parts, children, strict=True):
        _expect(part, child, "number", "`between` compares numbers")
    return Apply(operator="between", type="boolean", children=tuple(children))


def _in(tree: exp.Expr) -> Node:
    operand = _node(tree.this)
    options = [_node(option) for option in tree.expressions]
    if not options or not all(isinstance(option, Constant) for option in options):
        raise _flawed(tree, "`in` takes a list of literals", "such as `category in ('design', 'writing')`")
    if operand.type == "boolean":
        raise _flawed(tree, f"`{nodes.text(operand)}` is true or false", "write it alone, or with `not` before it")
    _same_type(tree, [operand, *options])
    return Apply(operator="in", type="boolean", children=(operand, *options))


def _is(tree: exp.Expr) -> Node:
    if not isinstance(tree.expression, exp.Null):
        raise _flawed(tree, "`is` asks only for null", "write `is null` or `is not null`; a flag stands alone")
    return Apply(operator="is null", type="boolean", children=(_node(tree.this),))


def _arithmetic(tree: exp.Expr) -> Node:
    operator = _ARITHMETIC[type(tree)]
    return _of_numbers(operator, [tree.this, tree.expression])


def _negative(tree: exp.Expr) -> Node:
    node = _of_numbers("negative", [tree.this])
    (child,) = node.children
    if isinstance(child, Constant) and isinstance(child.value, float):
        return Constant(value=-child.value, type="number")
    return node


def _function(tree: exp.Expr) -> Node:
    name = _FUNCTIONS[type(tree)]
    arguments = [argument for argument in (tree.this, *tree.expressions) if argument is not None]
    if name != "coalesce":
        return _of_numbers(name, arguments)
    children = [_node(argument) for argument in arguments]
    _same_type(tree, children)
    return Apply(operator=name, type=children[0].type, children=tuple(children))


def _own_function(tree: exp.Expr) -> Node:
    """The two functions that SQL does not know: `div0` and `e_at`."""
    name = str(tree.this).lower()
    arguments = tree.expressions
    if name == "div0" and len(arguments) == 2:
        return _of_numbers(name, arguments)
    if name == "e_at" and len(arguments) == 1:
        return _e_at(tree, arguments[0])
    raise _flawed(tree, f"`{tree.sql(dialect='duckdb')}` is not how a function is called", _known_functions(name))


def _known_functions(name: str) -> str:
    return tokens.FUNCTIONS.get(name, f"known: {', '.join(sorted(tokens.FUNCTIONS))}")


def _e_at(tree: exp.Expr, argument: exp.Expr) -> Node:
    node = _node(argument)
    if not isinstance(node, Constant) or not isinstance(node.value, float) or node.value not in E_POINTS:
        points = ", ".join(f"{point:g}" for point in E_POINTS)
        raise _flawed(
            tree, f"`{argument.sql(dialect='duckdb')}` is not a point of the grid above 0", f"known points: {points}"
        )
    return Read(name=e_at(node.value))


def _column(tree: exp.Expr) -> Node:
    if set(_present(tree)) != {"this"} or tree.name not in _EVERY_NAME:
        raise _flawed(tree, f"`{tree.sql(dialect='duckdb')}` is not a column of the evidence", did_you_mean("", NAMES))
    return Read(name=_EVERY_NAME[tree.name])


def _literal(tree: exp.Expr) -> Node:
    if tree.args["is_string"]:
        return Constant(value=str(tree.this), type="text")
    value = float(tree.this)
    if math.isinf(value):
        raise _flawed(tree, f"`{tree.this}` is larger than any number", "the largest e-value is exp(700)")
    return Constant(value=value, type="number")


def _boolean(tree: exp.Expr) -> Node:
    return Constant(value=bool(tree.this), type="boolean")


def _brackets(tree: exp.Expr) -> Node:
    return _node(tree.this)


def _null(tree: exp.Expr) -> Node:
    raise _flawed(tree, "`null` is unknown and equals nothing", "write `is null` or `is not null`")


_SHAPES: Final[Sequence[tuple[frozenset[type[exp.Expr]], Callable[[exp.Expr], Node]]]] = (
    (frozenset(_LOGIC), _logic),
    (frozenset({exp.Not}), _not),
    (frozenset(_COMPARISONS), _comparison),
    (frozenset({exp.Between}), _between),
    (frozenset({exp.In}), _in),
    (frozenset({exp.Is}), _is),
    (frozenset(_ARITHMETIC), _arithmetic),
    (frozenset({exp.Neg}), _negative),
    (frozenset(_FUNCTIONS), _function),
    (frozenset({exp.Anonymous}), _own_function),
    (frozenset({exp.Column}), _column),
    (frozenset({exp.Literal}), _literal),
    (frozenset({exp.Boolean}), _boolean),
    (frozenset({exp.Paren}), _brackets),
    (frozenset({exp.Null}), _null),
)


def _of_numbers(operator: str, arguments: Sequence[exp.Expr]) -> Apply:
    children = [_node(argument) for argument in arguments]
    for argument, child in zip(arguments, children, strict=True):
        _expect(argument, child, "number", f"`{operator}` reckons with numbers")
    return Apply(operator=operator, type="number", children=tuple(children))


def _same_type(tree: exp.Expr, children: Sequence[Node]) -> None:
    first = children[0]
    for child in children[1:]:
        if child.type != first.type:
            raise _flawed(
                tree,
                f"`{nodes.text(first)}` is a {first.type}, `{nodes.text(child)}` is a {child.type}",
                "both sides need one type",
            )


def _expect(tree: exp.Expr, node: Node, wanted: NodeType, because: str) -> None:
    if node.type != wanted:
        raise _flawed(tree, f"`{nodes.text(node)}` is a {node.type}", because)


def _flawed(tree: exp.Expr, message: str, hint: str) -> Flawed:
    return Flawed(Flaw(start=_start(tree), message=message, hint=hint))


def _start(tree: exp.Expr) -> int:
    """Offset of the first character that the parser remembers of `tree`; a bare operator remembers none."""
    return min((int(part.meta["start"]) for part in tree.walk() if "start" in part.meta), default=0)


def _present(tree: exp.Expr) -> Iterator[str]:
    return (key for key, value in tree.args.items() if value)
