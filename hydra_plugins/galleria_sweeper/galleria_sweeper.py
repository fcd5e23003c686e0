"""The sweeper that `hydra/sweeper=galleria` names: hands Hydra's launcher to `galleria.experiments.sweep.launch`.

Hydra imports every plugin at each start, so nothing slow is imported here.
"""

from typing import TYPE_CHECKING, Any

from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

if TYPE_CHECKING:
    from hydra.plugins.launcher import Launcher


class GalleriaSweeper(Sweeper):
    """Works through the plan in `run.output`, one Hydra job a shard.

    Parameters
    ----------
    shards
        Hydra jobs at a time; None for the launcher's `n_jobs`.
    """

    def __init__(self, shards: int | None = None) -> None:
        self.shards = shards
        self.launcher: Launcher | None = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Make the launcher that `hydra/launcher` names."""
        self.config = config
        self.hydra_context = hydra_context
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:  # noqa: ARG002 (Hydra's interface)
        """Launch the shards; what the arguments ask for stands in the plan already."""
        from galleria.experiments.sweep.launch import launch_shards  # noqa: PLC0415 (slow)

        if self.launcher is None or self.config is None:
            raise AssertionError
        return launch_shards(self.launcher, self.config, self.shards)
