"""Where results go: raw figures into a file of JSON, a table into the page, between two marks of their name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[1] / "docs"


def publish(name: str, result: dict[str, object], table: str) -> None:
    """Write `docs/benchmarks/<name>.json`, and the table into `docs/benchmarks.md`."""
    (DOCS / "benchmarks" / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    page, (begin, end) = DOCS / "benchmarks.md", (f"<!-- {name}: begin -->", f"<!-- {name}: end -->")
    before, _, rest = page.read_text().partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{table}\n{end}{after}")
