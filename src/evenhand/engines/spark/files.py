"""Where a run keeps its tables, and how the last of them come home: on any file system that Spark can write."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession


class Folder:
    """A folder that every executor can write: `root` names it as Spark does; it goes away with the run."""

    def __init__(self, session: SparkSession, root: str) -> None:
        self._root = root
        self._numbers = itertools.count()
        jvm: Any = session._jvm  # noqa: SLF001  # Hadoop's file systems have no other door in Python
        self._path = jvm.org.apache.hadoop.fs.Path
        self._system = self._path(root).getFileSystem(session._jsc.hadoopConfiguration())  # noqa: SLF001  # see above

    def new(self) -> str:
        """The name of a folder that does not exist yet."""
        return f"{self._root}/{next(self._numbers)}"

    def at_hand(self, place: str, scratch: Path) -> Path:
        """A folder of this machine with the files of `place`."""
        local = scratch / f"copied-{next(self._numbers)}"
        self._system.copyToLocalFile(False, self._path(place), self._path(on_disk(local)), True)
        return local

    def remove(self) -> None:
        """Remove everything that was written."""
        self._system.delete(self._path(self._root), True)


def on_disk(path: Path) -> str:
    """`path` as Spark names it; not as a URI, whose signs it would take as they stand."""
    return f"file:{path.absolute()}"


def to_one_file(folder: Path, path: Path) -> None:
    """Join the part files of `folder`, in the order of their names, into one; `folder` goes away."""
    parts = sorted(folder.glob("part-*.parquet"))
    schema = pa.schema([pa.field(field.name, field.type) for field in pq.read_schema(parts[0])])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for batch in file.iter_batches():
                    writer.write_batch(batch.cast(schema))
    shutil.rmtree(folder)
