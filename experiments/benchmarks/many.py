"""What fifty replications cost beside one, and how long a command takes to begin."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from galleria.experiments.benchmarks.rows import Row
from galleria.experiments.design.one_node import one_tree
from galleria.experiments.design.points import without_questions
from galleria.experiments.galleria import Galleria

LIBRARIES = (
    *("mesa", "pandas", "pyarrow.parquet", "scipy.optimize", "scipy.sparse.csgraph", "scipy.spatial"),
    *("numba", "hydra", "pydantic", "joblib", "matplotlib.figure"),
)
"""What a run with its report imports of others."""


def replications(*, quick: bool) -> Iterator[Row]:
    """Yield the time of many replications over that of one, each with what it needs before its first day."""
    count = 10 if quick else 50
    model, tree = Galleria(), without_questions(one_tree([], "a benchmark", None))
    began = time.process_time()
    model.simulate(tree, model.prepare(tree), 0)
    one = time.process_time() - began
    began = time.process_time()
    prepared = model.prepare(tree)
    for replication in range(1, count + 1):
        model.simulate(tree, prepared, replication)
    many = time.process_time() - began
    yield Row(
        "replications", f"{count} replications over the first of a fresh process", many / one, "times", most=count / 2
    )


def starts() -> Iterator[Row]:
    """Yield the seconds by the clock of `galleria --help`, of a default day with its report, and of libraries alone."""
    with tempfile.TemporaryDirectory() as folder:
        day = ["run", f"run.output={folder}/day", "--quiet"]
        for what, words, most in (("galleria --help", ["--help"], 0.1), ("galleria run with its report", day, 1.5)):
            program = ["-m", "galleria.experiments.cli", *words]
            yield Row("start", what, min(_seconds(program) for _ in range(3)), "s by the clock", most=most)
    alone = min(_seconds(["-c", f"import {', '.join(LIBRARIES)}"]) for _ in range(3))
    yield Row(
        "start",
        f"imports of {len(LIBRARIES)} libraries alone, which a run with its report needs",
        alone,
        "s by the clock",
    )


def _seconds(words: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)  # noqa: S603 (our own program)
    return time.perf_counter() - began
