"""Quotes: the times that couriers quote, renewed every few minutes (model 7.5)."""

from math import ceil, floor

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.models.demand.day import ShoppingDay
from galleria.models.world import World


class Quotes:
    """Renews quotes and surcharges, and shows shoppers the present ones.

    Parameters
    ----------
    world
        Whose couriers quote.

    Attributes
    ----------
    next_s
        When quotes are renewed.
    hours
        float64 [C], quoted by each courier from order to departure or to the door, h; 0 for the other channels.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.next_s = world.settings.dispatch.requote_s
        self.hours = np.zeros(len(world.channels.names))
        self.hours[: len(world.couriers)] = [courier.quote_h for courier in world.couriers]

    @property
    def until_s(self) -> float:
        """Up to when those who come see the present quotes: the end of the interval in which new ones come."""
        interval_s = self.world.settings.dispatch.interval_s
        return ceil(self.next_s / interval_s) * interval_s if interval_s else self.next_s

    def renew(self, today: ShoppingDay) -> None:
        """Let all couriers quote anew."""
        now_s, every_s = self.world.clock.now_s, self.world.settings.dispatch.requote_s
        self.next_s = (floor(now_s / every_s) + 1) * every_s
        for courier in self.world.couriers:
            courier.requote(now_s)
            self.hours[courier.number] = courier.quote_h
            surge_usd = courier.fleet.surcharge(today.terms[courier.number].fee_usd)
            if surge_usd is not None:
                today.surge_usd[:, courier.number] = surge_usd

    def shown(self, today: ShoppingDay, shoppers: slice) -> Floats:
        """Return the quotes to some shoppers, float64 [C], or [m, C] where couriers quote by zone or promise a time."""
        world = self.world
        own = [courier for courier in world.couriers if courier.fleet.tells_apart]
        if not own or shoppers.start == shoppers.stop:
            return self.hours
        zone = world.households.zone[today.occasions.household[shoppers]]
        quote_h = np.tile(self.hours, (len(zone), 1))
        for courier in own:
            if np.isfinite(courier.quote_h):
                drive_h = today.choices.drive_h[shoppers, courier.number]
                quote_h[:, courier.number] = courier.fleet.quotes_h(zone, drive_h, world.clock.now_s)
        return quote_h
