"""The benchmark of the main job runs, refuses unequal answers, and fills its place on the page."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import duckdb
import pytest

from benchmarks import evaluate, page
from benchmarks.process import Run


def comparison(proposals: int) -> page.Comparison:
    """Costs in proportion to the proposals, the whole a fifth above the floor."""
    floor = Run(wall=proposals / 1e6, cpu=proposals / 5e5, rss_mb=proposals / 1e4)
    whole = Run(wall=1.2 * floor.wall, cpu=1.1 * floor.cpu, rss_mb=2 * floor.rss_mb)
    return page.Comparison(
        rows={"accounts": 5, "jobs": 7, "proposals": proposals, "contracts": 3},
        runs={"floor": [floor], "whole": [whole]},
        typical={"floor": floor, "whole": whole},
        parts_of_the_floor={"load": floor.wall / 4},
    )


def test_floor_and_whole_are_compared_on_the_same_market() -> None:
    """Both run as processes of their own on one small market and count the same units, or the comparison is refused."""
    compared = evaluate.compare(evaluate.size_of(20_000), rounds=1)
    assert compared.rows["proposals"] > 1000
    assert compared.typical["whole"].cpu > 0 < compared.typical["floor"].rss_mb
    assert compared.parts_of_the_floor["decided_hire"] > 0


def test_runs_that_counted_different_units_are_not_compared(tmp_path: Path) -> None:
    """A floor that counted one unit more is refused."""
    evidence = tmp_path / "evidence.parquet"
    counted = "select 4 as decided, 1 as wins, 0 as decided_shortlist, 0 as shortlists"
    duckdb.execute(f"copy ({counted}) to '{evidence}' (format parquet)")
    evaluate.check_same({"decided_hire": 4, "wins_hire": 1}, evidence)
    with pytest.raises(RuntimeError, match="the floor counted"):
        evaluate.check_same({"decided_hire": 5, "wins_hire": 1}, evidence)


def test_the_table_has_a_row_per_size_with_its_ratios() -> None:
    """Times, memory and both ratios of every size, in its order."""
    circumstances = {"seed": 1, "duckdb": "x", "python": "y", "cores": 2, "load_before": 0.1}
    rows = page.table(circumstances, [comparison(1_000_000), comparison(100_000_000)]).splitlines()
    assert rows[2] == "| 1,000,000 | 7 | 5 | 1.0 | 2.0 | 0.10 | 1.2 | 2.2 | 0.20 | **1.20** | 1.10 |"
    assert rows[3].startswith("| 100,000,000 | 7 | 5 | 100.0 | 200.0 | 10.00 | 120.0 ")


def test_a_cost_in_proportion_lies_on_the_slope() -> None:
    """In the chart a whole command whose cost grows with the proposals runs along the dotted slope of its panel."""
    root = fromstring(page.pictured([comparison(1_000_000), comparison(10_000_000), comparison(100_000_000)]))  # noqa: S314  our own drawing
    lines = [part for part in root if part.get("class") == "whole"]
    slopes = [part for part in root if part.get("class") == "slope"]
    assert len(lines) == len(slopes) == 3
    for line, slope in zip(lines, slopes, strict=True):
        (x1, y1), *_, (x2, y2) = (tuple(map(float, place.split(","))) for place in line.attrib["points"].split())
        steep = (y2 - y1) / (x2 - x1)
        left, low, right, high = (float(slope.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
        assert steep == pytest.approx((high - low) / (right - left), rel=0.02)


def test_the_page_takes_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Table, chart and raw figures land beside each other, and the rest of the page stays."""
    shown = tmp_path / "page.md"
    shown.write_text(f"before\n{page.MARKS[0]}\nold\n{page.MARKS[1]}\nafter\n")
    for name, path in {"PAGE": shown, "RAW": tmp_path / "raw.json", "CHART": tmp_path / "raw.svg"}.items():
        monkeypatch.setattr(page, name, path)
    page.publish({"seed": 1, "duckdb": "x", "python": "y", "cores": 2, "load_before": 0.1}, [comparison(1_000_000)])
    text = shown.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "1,000,000" in text
    assert "old" not in text
    assert '"ratios"' in (tmp_path / "raw.json").read_text()
    assert (tmp_path / "raw.svg").read_text().startswith("<svg xmlns=")
