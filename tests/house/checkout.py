"""What the house tests look at: the files of this checkout, each Python file with its syntax tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Module:
    """One Python file of the package with its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The file's path below the root, as findings name it."""
        return str(self.path.relative_to(ROOT))
