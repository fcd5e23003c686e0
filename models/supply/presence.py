"""Presence: what it takes for a courier to come into the market, or to leave it (model 7.6)."""

import numpy as np

from galleria.agents.couriers.courier import Courier
from galleria.agents.kernel.arrays import Ints
from galleria.models.supply.apps import Apps
from galleria.models.supply.hiring import Hiring
from galleria.models.supply.membership import Membership
from galleria.models.world import World


class Presence:
    """Opens and closes couriers: stores list them, drivers take up their apps, contracts end.

    Parameters
    ----------
    world
        Whose couriers come and go.
    membership, hiring, apps
        Of its stores and drivers.
    """

    def __init__(self, world: World, membership: Membership, hiring: Hiring, apps: Apps) -> None:
        self.world, self.membership, self.hiring, self.apps = world, membership, hiring, apps

    def enter(self, courier: Courier) -> None:
        """Open a courier that was not removed: stores list it, drivers take up its app."""
        if courier.removed:
            return
        courier.posted.active = True
        if courier.settings.lists_stores:
            self.membership.admit(courier.number)
            self.apps.enter(courier.number, self._others(courier))

    def leave(self, courier: Courier) -> None:
        """Close a courier; what drivers carry is still delivered, what waits for a driver is cancelled when overdue."""
        courier.posted.active = False
        if courier.settings.lists_stores:
            self.membership.dismiss(courier.number)
            self.hiring.dismiss(courier.number)
            self.apps.leave(courier.number, self._others(courier))

    def open_day(self) -> None:
        """Close the couriers that were removed since yesterday."""
        for courier in self.world.couriers:
            if courier.removed and courier.posted.active:
                self.leave(courier)

    def _others(self, courier: Courier) -> Ints:
        """Return the numbers of the other gig couriers in the market."""
        gig = self.world.channels.gig.tolist()
        return np.array([k for k in gig if k != courier.number and self.world.couriers[k].posted.active], np.int64)
