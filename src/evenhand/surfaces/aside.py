"""Results are written beside their place and take it at the very end, whole or not at all."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evenhand.errors import RunRefused

MARK: Final = "summary.json"
"""The file by which a folder is known as the result of an earlier run, which a new run may replace, if no other is."""


@dataclass(frozen=True, kw_only=True)
class Aside:
    """`result` becomes the output; `scratch` holds whatever a run needs on the way and disappears."""

    result: Path
    scratch: Path


@contextmanager
def written_aside(out: Path, names: Collection[str], *, mark: str = MARK) -> Iterator[Aside]:
    """Two fresh folders beside `out`; on a quiet end `result` takes the place of `out`, on any other both disappear.

    `names` is all that a result may hold besides `mark`. A folder left by an earlier run is replaced; raises
    `RunRefused` where `out` holds anything else.
    """
    out = out.absolute()
    _check_replaceable(out, names, mark)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".evenhand.", dir=out.parent, ignore_cleanup_errors=True) as beside:
        aside = Aside(result=Path(beside) / "result", scratch=Path(beside) / "scratch")
        aside.result.mkdir()
        aside.scratch.mkdir()
        yield aside
        _replace(out, aside.result, Path(beside) / "previous")


@contextmanager
def file_written_aside(file: Path) -> Iterator[Path]:
    """A path beside `file` to write to; on a quiet end what stands there takes the place of `file`.

    Raises `RunRefused` where there is something already.
    """
    file = file.absolute()
    if file.exists():
        raise RunRefused("is there already", where=str(file), hint="name a file that does not exist yet")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".evenhand.", dir=file.parent, ignore_cleanup_errors=True) as beside:
        yield Path(beside) / file.name
        (Path(beside) / file.name).rename(file)


def _check_replaceable(out: Path, names: Collection[str], mark: str) -> None:
    if not out.exists():
        return
    held = {path.name for path in out.iterdir()} if out.is_dir() else {out.name}
    if out.is_dir() and (not held or (mark in held and held <= {mark, *names})):
        return
    raise RunRefused(
        "is there already and is no result of an earlier run",
        where=str(out),
        hint="name a folder that does not exist yet; nothing was touched",
    )


def _replace(out: Path, result: Path, previous: Path) -> None:
    """Put `result` in the place of `out`; no signal comes between the two renames."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        if out.exists():
            shutil.move(out, previous)
        result.rename(out)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
