"""Workers take every task once, whoever is faster, and stop when another session takes over."""

from pathlib import Path

import pytest
import standin

from galleria.experiments.design.plan import Run
from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder
from galleria.experiments.sweep.worker import Task, Worker, shard_order

TREE = standin.StandIn().check(
    {
        "x": {"one": 0.5, "two": 0.0, "three": 0.0},
        "noise_sd": 0.0,
        "own_noise_sd": 0.0,
        "trouble": {"fail_above": None, "nap_s": 0.0},
        "wave": {"a": 7.0, "b": 0.1},
        "run": {"days": 1, "seed": 1, "replications": 1, "output": None, "tables": "all"},
    }
)
TASKS = [Task(Run(f"run{i}", i, 0), TREE) for i in range(10)]


@pytest.mark.parametrize("shards", [1, 2, 3, 10, 17])
def test_every_shard_goes_through_all_tasks_its_own_first(shards: int) -> None:
    for shard in range(shards):
        order = list(shard_order(TASKS, shard, shards))
        assert sorted(order, key=lambda task: task.run.point) == TASKS
    firsts = [next(shard_order(TASKS, shard, shards)).run.point for shard in range(min(shards, 10))]
    assert len(set(firsts)) == len(firsts) or shards > len(TASKS)


def test_two_workers_of_a_session_share_the_tasks(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    session = folder.open_session()
    workers = [Worker(folder, standin.StandIn(), session) for _ in range(2)]
    orders = [shard_order(TASKS, shard, 2) for shard in range(2)]
    for first, second in zip(*orders, strict=True):
        workers[0].work(iter([first]))
        workers[1].work(iter([second]))
    assert sorted(runfile.finished_runs(folder.runs)) == sorted((task.run.key, "done") for task in TASKS)
    assert len(list(folder.claims(session).iterdir())) == len(TASKS)


def test_a_worker_of_an_earlier_session_writes_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    left_behind = Worker(folder, standin.StandIn(), folder.open_session())
    folder.open_session()
    left_behind.work(iter(TASKS))
    assert list(runfile.finished_runs(folder.runs)) == []


def test_a_taken_run_is_left_to_its_worker(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    session = folder.open_session()
    (folder.claims(session) / "run3").touch()
    Worker(folder, standin.StandIn(), session).work(iter(TASKS))
    assert "run3" not in dict(runfile.finished_runs(folder.runs))
    assert len(dict(runfile.finished_runs(folder.runs))) == 9
