"""What a worker does: take runs of the plan that nobody has taken, and write each one's result."""

import errno
import json
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from galleria.experiments.design.model import Model, Tree
from galleria.experiments.design.plan import Plan, Run
from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder, write_text


@dataclass(frozen=True)
class Part:
    """A share of a plan's runs, for one machine of several.

    Attributes
    ----------
    number, parts
        Which, from 1, of how many.
    """

    number: int = 1
    parts: int = 1

    def of(self, plan: Plan) -> tuple[Run, ...]:
        """Return the part's runs; every part has some of each replication."""
        return plan.runs[self.number - 1 :: self.parts]


@dataclass(frozen=True)
class Task:
    """A run and the settings it is made with."""

    run: Run
    tree: Tree


def write_tasks(folder: Folder, plan: Plan, part: Part) -> None:
    """Leave the runs of a part of the plan, and the settings of their points, for the workers."""
    runs: dict[int, list[tuple[int, str]]] = {}
    for run in part.of(plan):
        runs.setdefault(run.point, []).append((run.replication, run.key))
    points = [{"point": point, "runs": pairs, "tree": plan.trees[point]} for point, pairs in runs.items()]
    write_text(folder.points, json.dumps(points))


def read_tasks(folder: Folder) -> list[Task]:
    """Read what `write_tasks` left; by replication, then by point.

    Runs of one replication meet the same shoppers, so a worker that stays with a replication can reuse them.
    """
    points = json.loads(folder.points.read_text(encoding="utf-8"))
    tasks = [
        Task(Run(key, entry["point"], replication), entry["tree"])
        for entry in points
        for replication, key in entry["runs"]
    ]
    return sorted(tasks, key=lambda task: (task.run.replication, task.run.point))


def shard_order(tasks: list[Task], shard: int, shards: int) -> Iterator[Task]:
    """Go through a shard's own part of the tasks, then help the others from the end of theirs."""
    cuts = [len(tasks) * i // shards for i in range(shards + 1)]
    parts = [tasks[cuts[i] : cuts[i + 1]] for i in range(shards)]
    yield from parts[shard]
    for other in range(1, shards):
        yield from reversed(parts[(shard + other) % shards])


@dataclass
class Worker:
    """Runs tasks of one folder; keeps the cities it has met."""

    folder: Folder
    model: Model
    session: str
    _prepared: OrderedDict[str, Any] = field(default_factory=OrderedDict)

    def work(self, tasks: Iterator[Task]) -> None:
        """Do every task that is not done and not taken, until another session takes over."""
        for task in tasks:
            if self._finished(task.run.key):
                continue
            if not self._in_session():
                return
            if self._claim(task.run.key):
                self._do(task)

    def _do(self, task: Task) -> None:
        result = self._simulate(task)
        if self._in_session():
            runfile.write(result, self.folder.runs)

    def _simulate(self, task: Task) -> runfile.Finished:
        run = task.run
        started = time.perf_counter()
        record: dict[str, Any] = {
            "key": run.key,
            "point": run.point,
            "replication": run.replication,
            "seed": int(task.tree["run"]["seed"]),
        }
        try:
            prepared = self._prepare(task.tree)
            outcome = self.model.simulate(task.tree, prepared, run.replication)
            seconds = time.perf_counter() - started
            return runfile.Finished(
                **record,
                seconds=seconds,
                metrics=runfile.arrow(outcome.metrics[["metric", "unit", "value"]]),
                tables={name: runfile.arrow(table) for name, table in outcome.tables.items()},
            )
        except Exception as error:  # a run that fails is a row of the results
            if isinstance(error, OSError) and error.errno in _MACHINE_TROUBLE:
                raise
            write_text(self.folder.tracebacks / f"{run.key}.txt", traceback.format_exc())
            message = " ".join(f"{type(error).__name__}: {error}".split())
            return runfile.Finished(**record, seconds=time.perf_counter() - started, error=message)

    def _prepare(self, tree: Tree) -> Any:
        key = json.dumps(self.model.shared(tree), sort_keys=True)
        if key not in self._prepared:
            self._prepared[key] = self.model.prepare(tree)
            if len(self._prepared) > _CITIES_KEPT:
                self._prepared.popitem(last=False)
        return self._prepared[key]

    def _finished(self, key: str) -> bool:
        return any((self.folder.runs / runfile.file_name(key, status)).exists() for status in ("done", "failed"))

    def _claim(self, key: str) -> bool:
        """Take a run, unless another worker of this session has."""
        try:
            (self.folder.claims(self.session) / key).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _in_session(self) -> bool:
        try:
            return self.folder.session.read_text(encoding="utf-8") == self.session
        except OSError:
            return False


_CITIES_KEPT = 4
"""Cities a worker holds at once; their tables are shared by all workers of a machine."""

_MACHINE_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})
"""Errors that say nothing about the run: the sweep stops, and the run is done when it goes on."""
