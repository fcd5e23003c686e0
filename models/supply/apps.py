"""Apps: which couriers' apps drivers have chosen, and which they may have (model 7.4, 8)."""

import numpy as np

from galleria.agents.drivers.apps import give_up, take_up
from galleria.agents.fleets.pooled import join_pool
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.noise import hashed_uniform
from galleria.models.streams import Stream
from galleria.models.world import World


class Apps:
    """Keeps the drivers' column `apps`.

    Parameters
    ----------
    world
        With drivers who have the apps that they want.

    Attributes
    ----------
    chosen
        int64 [N], bit masks of couriers, the apps that drivers would have without policies and pools.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.chosen = world.drivers.apps.copy()
        self._key = world.streams.key(Stream.DRIVER, "entry and exit")
        self.allow()

    def allow(self) -> None:
        """Let drivers have the apps of their choice as far as policies allow, and with them the offers of pools."""
        world = self.world
        allowed = world.regulator.homing(self.chosen)
        for brand, leader in world.settings.strategy.pooled.items():
            allowed = join_pool(allowed, world.channels.number(brand), world.channels.number(leader))
        world.drivers.apps[:] = allowed

    def enter(self, courier: int, others: Ints) -> None:
        """Let drivers take up the app of a courier that enters beside others."""
        self.chosen = take_up(self.chosen, courier, others, self._noise(courier))
        self.allow()

    def leave(self, courier: int, others: Ints) -> None:
        """Let drivers give up the app of a courier that leaves others behind."""
        self.chosen = give_up(self.chosen, courier, others, self._noise(courier))
        self.allow()

    def _noise(self, courier: int) -> Floats:
        return hashed_uniform(self._key, courier, np.arange(len(self.world.drivers)))
