"""What one Hydra job does: a shard of the plan, or with Hydra's own sweeper one point."""

from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from galleria.experiments.design.keys import run_key, settings_digest
from galleria.experiments.design.model import Model
from galleria.experiments.design.points import without_questions
from galleria.experiments.results.folder import Folder
from galleria.experiments.sweep.orphans import end_with_parent
from galleria.experiments.sweep.worker import Worker, read_tasks, shard_order


class Job:
    """What one Hydra job does: a shard of the plan, or with Hydra's own sweeper one point."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, config: DictConfig) -> None:
        """Do the runs this job is asked for."""
        folder = Folder(Path(config.run.output))
        session = folder.session.read_text(encoding="utf-8")
        end_with_parent(int(session.rpartition("-")[2]))
        tasks = read_tasks(folder)
        if config.shard is None:
            wanted = self._keys(config)
            order = iter([task for task in tasks if task.run.key in wanted])
        else:
            shard, shards = map(int, config.shard.split("/"))
            order = shard_order(tasks, shard, shards)
        Worker(folder, self.model, session).work(order)

    def _keys(self, config: DictConfig) -> set[str]:
        """Return the keys of the point that Hydra's own sweeper composed."""
        tree: Any = OmegaConf.to_container(config, resolve=True)
        digest = settings_digest(checked := self.model.check(without_questions(tree)))
        version = self.model.version()
        return {run_key(digest, i, version) for i in range(checked["run"]["replications"])}
