"""Closing the books: what is settled and remembered when a day ends (model 3, 10.1)."""

import numpy as np

from galleria.agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from galleria.agents.customers.households import Occasions
from galleria.agents.customers.memory import remember
from galleria.agents.drivers.clocks import relocation_costs_usd, shift_costs_usd
from galleria.agents.drivers.vehicles import driving_usd_per_km
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.order import Status
from galleria.models.demand.own_trips import OwnTrips
from galleria.models.measures.start import Start
from galleria.models.money.meals import settle_meals
from galleria.models.money.settlement import Settlement
from galleria.models.regulation.enforcement import Enforcement
from galleria.models.world import World


class Closing:
    """Settles what has ended.

    Parameters
    ----------
    world
        Whose orders, trips and shifts end.
    settlement, enforcement
        Book sales, and what policies pay and charge.
    """

    def __init__(self, world: World, settlement: Settlement, enforcement: Enforcement) -> None:
        self.world, self.settlement, self.enforcement = world, settlement, enforcement

    def settle_orders(self, start: Start | None) -> None:
        """Settle the orders that ended since the last time, first those from before measuring began."""
        if start is not None:
            start.settle_earlier(self.world, self._settle)
        self._settle()

    def _settle(self) -> None:
        self.enforcement.settle_orders()
        self.settlement.settle_orders(self.world.orders)
        settle_meals(self.settlement, self.world.settings.meals, self.world.meals.orders)

    def settle_trips(self, occasions: Occasions, trips: OwnTrips) -> None:
        """Settle what the day's shoppers spent in stores to which they went."""
        channels = self.world.channels
        mall, box = trips.to(channels.number(STORE_MALL)), trips.to(channels.number(STORE_BIG_BOX))
        visit, errand = trips.occasion[mall], trips.occasion[box]
        self.settlement.settle_visits(trips.store[mall], occasions.basket_usd[visit], occasions.source_pick[visit])
        self.settlement.settle_purchase("walk-in", trips.store[box], occasions.basket_usd[errand])

    def settle_shifts(self, until_s: float) -> None:
        """Settle what logging on, further apps and ways to other zones cost drivers, where they cost something."""
        drivers, settings = self.world.drivers, self.world.settings.drivers
        if settings.log_on_cost_usd > 0 or settings.app_cost_usd_per_h > 0:
            self.settlement.settle_shifts(*shift_costs_usd(drivers, until_s, settings))
        relocation_usd = relocation_costs_usd(drivers, driving_usd_per_km(settings, drivers.vehicle))
        if relocation_usd.any():
            self.settlement.settle_relocation(relocation_usd)


def remember_lateness(world: World) -> None:
    """Let each zone remember how late the orders were that ended today."""
    orders, memory = world.orders, world.settings.customers.memory
    ended = np.array(orders.closed, np.int64)
    late_h = np.maximum(0.0, (orders.delivered_s[ended] - orders.promised_s[ended]) / HOUR_S)
    late_h[orders.status[ended] == Status.CANCELLED] = memory.cancelled_h
    world.memory.lateness_h = remember(
        world.memory.lateness_h, orders.zone[ended], orders.courier[ended].astype(np.int64), late_h, memory.rate
    )
