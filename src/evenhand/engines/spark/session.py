"""The Spark session of one run: that of the program which `spark-submit` started, or a local one."""

from __future__ import annotations

from typing import Final

from pyspark.sql import SparkSession

_MEANING: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a sum that overflows fails instead of lying
    "spark.sql.caseSensitive": "true",  # as the files' columns are known by name
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.legacy.parquet.nanosAsLong": "true",  # Spark has no type for them; the reader cuts them to microseconds
}
"""What the turned statements rely on, set for this run's session only."""

_LOCAL: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "32",  # small results are laid together by the adaptive planner
}


def open_session(*, threads: int, memory_gb: float, submitted: bool) -> SparkSession:
    """A session with settings of its own; `submitted` says that master and memory are `spark-submit`'s to choose.

    Otherwise Spark runs in this machine with `threads` and at most `memory_gb` of heap, unless the process has a
    session already.
    """
    builder = SparkSession.builder.appName("evenhand")
    if not submitted and SparkSession.getActiveSession() is None:
        builder = builder.master(f"local[{threads}]").config("spark.driver.memory", f"{memory_gb * 1000:.0f}m")
        for name, value in _LOCAL.items():
            builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    own = session.newSession()
    for name, value in _MEANING.items():
        own.conf.set(name, value)
    return own
