"""One local Spark for all tests of this folder, which run in the environment that has PySpark (`make test`)."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

collect_ignore_glob = [] if find_spec("pyspark") else ["test_*.py"]

QUICK = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
"""Markets of a few rows spend their time in planning and compiling; one test (`compiled`) runs as users run.

With 1 GB of heap Spark takes 1.8 GB, which leaves room for other tests beside it on a machine with 4 GB.
"""


@pytest.fixture(scope="session", autouse=True)
def _one_session(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Start Spark once; every engine takes a session of its own from it."""
    from pyspark.sql import SparkSession

    warehouse = tmp_path_factory.mktemp("warehouse").as_uri()
    builder = SparkSession.builder.master("local[2]").config("spark.sql.warehouse.dir", warehouse)
    for name, value in QUICK.items():
        builder = builder.config(name, value)
    builder.getOrCreate()
