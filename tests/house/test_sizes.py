"""Files fit a few screens and functions fit one; the caps are those of the design, the medians are printed."""

from __future__ import annotations

import ast
from statistics import median

from tests.house.checkout import Module

FILE_P90, FILE_CAP, FILE_MEDIAN = 275, 500, 120
FUNCTION_CAP, FUNCTION_P90, FUNCTION_MEDIAN = 60, 24, 7


def file_lines(modules: list[Module]) -> list[tuple[int, str]]:
    """Lines of every file that says more than a docstring, ascending."""
    return sorted((module.text.count("\n"), module.place) for module in modules if len(module.tree.body) > 1)


def function_lines(modules: list[Module]) -> list[tuple[int, str]]:
    """Lines of every function body without its docstring, ascending; protocols' empty bodies are left out."""
    sizes = []
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = [part for part in node.body if not is_text(part)]
                if body:
                    last = body[-1].end_lineno or body[-1].lineno
                    sizes.append((last - body[0].lineno + 1, f"{module.place}:{node.lineno} {node.name}"))
    return sorted(sizes)


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a bare constant: a docstring or an ellipsis."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def percentile_90(sizes: list[tuple[int, str]]) -> int:
    """The size that nine in ten do not exceed."""
    return sizes[int(0.9 * (len(sizes) - 1))][0]


def test_files_fit_a_few_screens(modules: list[Module]) -> None:
    """No source file exceeds the cap, nine in ten stay below the second bound, the median is a page or two."""
    sizes = file_lines(modules)
    assert sizes[-1][0] <= FILE_CAP, f"over {FILE_CAP} lines: {[s for s in sizes if s[0] > FILE_CAP]}"
    assert percentile_90(sizes) <= FILE_P90, f"the largest files: {sizes[-len(sizes) // 5 :]}"
    assert median(size for size, _ in sizes) <= FILE_MEDIAN


def test_functions_fit_a_screen(modules: list[Module]) -> None:
    """No function exceeds the cap, docstring left out, nine in ten stay below half a screen, most are a few lines."""
    sizes = function_lines(modules)
    assert sizes[-1][0] <= FUNCTION_CAP, f"over {FUNCTION_CAP} lines: {[s for s in sizes if s[0] > FUNCTION_CAP]}"
    assert percentile_90(sizes) <= FUNCTION_P90, f"the largest functions: {sizes[-len(sizes) // 10 :]}"
    assert median(size for size, _ in sizes) <= FUNCTION_MEDIAN
