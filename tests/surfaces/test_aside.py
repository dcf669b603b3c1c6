"""A result takes its place whole or not at all, and nothing is left beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.errors import RunRefused
from evenhand.surfaces.aside import MARK, file_written_aside, written_aside

NAMES = {"counted.parquet"}


def write(out: Path, text: str) -> None:
    """Write one result the way a run does."""
    with written_aside(out, NAMES) as aside:
        (aside.scratch / "spill").write_text("x")
        (aside.result / MARK).write_text(text)
        assert not (out / MARK).is_file() or (out / MARK).read_text() != text


def test_a_result_takes_its_place_at_the_end(tmp_path: Path) -> None:
    """The output appears with all its files; the scratch space is gone; folders on the way are made."""
    out = tmp_path / "deep" / "out"
    write(out, "one")
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert [path.name for path in out.iterdir()] == [MARK]


def test_a_new_run_replaces_an_earlier_one(tmp_path: Path) -> None:
    """A second run to the same place replaces the first result and leaves nothing of it."""
    write(tmp_path / "out", "one")
    (tmp_path / "out" / "counted.parquet").write_text("only the first run had it")
    write(tmp_path / "out", "two")
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == {MARK: "two"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_run_leaves_what_was_there(error: type[BaseException], tmp_path: Path) -> None:
    """Whatever ends a run early, an earlier result stays as it was and no part of the new one is seen."""
    write(tmp_path / "out", "one")
    with pytest.raises(error), written_aside(tmp_path / "out", NAMES) as aside:
        (aside.result / MARK).write_text("half")
        raise error
    assert (tmp_path / "out" / MARK).read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_foreign_files_are_never_replaced(tmp_path: Path) -> None:
    """A folder that is no result of a run, or a file, is refused by name before anything is written."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").write_text("years of work")
    (tmp_path / "thesis" / MARK).write_text("what it says")
    for place in (tmp_path / "thesis", tmp_path / "thesis" / "chapter"):
        with pytest.raises(RunRefused, match=r"no result of an earlier run") as refused, written_aside(place, NAMES):
            pass
        assert refused.value.where == str(place)
    assert (tmp_path / "thesis" / "chapter").read_text() == "years of work"


def test_a_single_file_takes_its_place_whole_or_not_at_all(tmp_path: Path) -> None:
    """What ends the writing early leaves no file and nothing beside it."""
    with pytest.raises(KeyboardInterrupt), file_written_aside(tmp_path / "one") as path:
        path.write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with file_written_aside(tmp_path / "one") as path:
        path.write_text("whole")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("one", "whole")]
