"""How the runs of a plan get done: one Hydra job a shard, again after a worker was lost, until none is missing."""

import os
from collections.abc import Sequence
from pathlib import Path

from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from omegaconf import DictConfig

from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder
from galleria.experiments.sweep.command import quoted
from galleria.experiments.sweep.worker import read_tasks

LOSSES_IN_A_ROW = 3
"""Launches that may lose a worker without a single run getting done, before the sweep gives up."""


class WorkerLostError(Exception):
    """Workers died and died again (killed, or out of memory); what is done stays done."""


def launch_shards(launcher: Launcher, config: DictConfig, shards: int | None) -> Sequence[JobReturn]:
    """Launch the shards of the plan in `run.output` and see them to their end.

    Parameters
    ----------
    launcher
        Any of Hydra's launchers.
    config
        The composed configuration with its node `hydra`.
    shards
        Hydra jobs at a time; None for one a worker of the launcher.
    """
    folder = Folder(Path(config.run.output))
    losses = 0
    returns: Sequence[JobReturn] = ()
    while (left := missing(folder)) > 0:
        if losses == LOSSES_IN_A_ROW:
            raise WorkerLostError
        jobs = min(shards or workers(config.hydra), left)
        overrides = [[f"run.output={quoted(str(folder.path))}", f"shard='{i}/{jobs}'"] for i in range(jobs)]
        try:
            returns = launcher.launch(overrides, initial_job_idx=0)
        except Exception as error:
            if not _lost_worker(error):
                raise
            folder.open_session()
        else:
            for job in returns:
                job.return_value  # noqa: B018 (raises what the job raised)
        losses = losses + 1 if missing(folder) == left else 0
    return returns


def workers(hydra_node: DictConfig) -> int:
    """Say how many jobs the launcher works on at a time; a cluster's is not known, so the cores here are taken."""
    launcher = hydra_node.launcher
    cores = os.cpu_count() or 1
    if launcher._target_.endswith(".BasicLauncher"):
        return 1
    jobs = int(launcher.get("n_jobs", cores))
    return cores + 1 + jobs if jobs < 0 else jobs


def missing(folder: Folder) -> int:
    """Count the runs that have not come to an end."""
    ended = {key for key, _ in runfile.finished_runs(folder.runs)}
    return sum(task.run.key not in ended for task in read_tasks(folder))


def tell_libraries() -> None:
    """Keep numerical libraries from starting threads in workers that already fill the cores, and submitit quiet.

    It warns at every look at a Slurm that keeps no accounts. Read when a library is first imported, so it is set before
    the workers start.
    """
    os.environ.setdefault("SUBMITIT_LOG_LEVEL", "ERROR")
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB_MAXIMUM"):
        os.environ.setdefault(f"{name}_NUM_THREADS", "1")


def _lost_worker(error: BaseException) -> bool:
    """Say whether a launcher failed because a worker process died."""
    return any(kind.__name__ in {"BrokenProcessPool", "UncompletedJobError"} for kind in type(error).__mro__)
