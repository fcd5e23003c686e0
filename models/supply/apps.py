"""Apps: which couriers' apps drivers have chosen, may have, and are let in by at the moment (model 7.4, 8)."""

from typing import TYPE_CHECKING

import numpy as np

from agents.drivers.apps import give_up, take_up
from agents.drivers.log_in import lock_out
from agents.fleets.pooled import join_pool
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.clock import HOUR_S
from agents.kernel.noise import hashed_uniform
from models.streams import Stream
from models.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
        self._allowed = self.chosen
        self._out: NDArray[np.int64] | None = None
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

    def admit(self, wants: Bools, places: Ints) -> Bools:
        """Return in which hours some courier lets each driver in, bool [N, 24].

        Parameters
        ----------
        wants
            bool [N, 24], when drivers want to work.
        places
            int [K, 24], drivers that each courier with gig drivers lets in.
        """
        world, drivers = self.world, self.world.drivers
        self._allowed = drivers.apps.copy()
        self._out = lock_out(wants, self._allowed, world.channels.gig, places, drivers.offset_s)
        return np.asarray(wants & ((self._allowed[:, None] & ~self._out) != 0))

    def admit_all(self, wants: Bools) -> Bools:
        """Return the hours in which drivers want to work: nobody is kept out."""
        self._out = None
        return wants

    def refresh(self) -> None:
        """Set every driver the apps that let in at the moment, by the driver's own hours."""
        if self._out is not None:
            drivers = self.world.drivers
            hour = ((self.world.clock.now_s - drivers.offset_s) // HOUR_S % 24).astype(np.int64)
            drivers.apps[:] = self._allowed & ~self._out[np.arange(len(drivers)), hour]

    def unlock(self) -> None:
        """Let everybody in again when the day ends."""
        if self._out is not None:
            self.world.drivers.apps[:] = self._allowed

    def _noise(self, courier: int) -> Floats:
        return hashed_uniform(self._key, courier, np.arange(len(self.world.drivers)))
