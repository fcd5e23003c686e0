"""The broker in the market: orders for any of its couriers go to the one it picks (model 8, markets)."""

from typing import Self

import numpy as np

from galleria.agents.couriers.broker import BrokerSettings, pick, social_cost
from galleria.agents.customers.utility import customer_cost
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.demand.day import ShoppingDay
from galleria.models.world import World


class Broker:
    """Hands orders to couriers before they are placed; the customer pays the price of the courier that delivers.

    Parameters
    ----------
    world
        Whose shoppers choose.
    settings
        Whom to ask, and for whom.
    """

    def __init__(self, world: World, settings: BrokerSettings) -> None:
        self.world, self.settings = world, settings
        self.numbers = np.array([world.channels.number(name) for name in settings.couriers])

    @classmethod
    def of(cls, world: World) -> Self | None:
        """Return the broker of a market, or None where it has none."""
        settings = world.settings.strategy.broker
        return None if settings is None else cls(world, settings)

    def route(self, today: ShoppingDay, shoppers: slice, quote_h: Floats) -> None:
        """Change the choices of shoppers, at quotes float64 [C] or [m, C], h, and note what it is worth to them."""
        world, occasions = self.world, today.occasions
        asked = np.flatnonzero(np.isin(occasions.choice[shoppers], self.numbers))
        if not len(asked):
            return
        rows = shoppers.start + asked
        person = occasions.household[rows]
        alpha = world.households.price_sensitivity[person]
        utility = occasions.utility[rows][:, self.numbers]
        attention_usd = np.array([today.terms[number].appeal.attention_usd for number in self.numbers.tolist()])
        if self.settings.chooses_for == "customer":
            cost_usd = customer_cost(utility, world.channels.constants[self.numbers], alpha) + attention_usd
        else:
            quoted_h = quote_h[self.numbers] if quote_h.ndim == 1 else quote_h[np.ix_(asked, self.numbers)]
            cost_usd = self._social_cost(today, rows, quoted_h + today.choices.drive_h[np.ix_(rows, self.numbers)])
        cost_usd = np.where(np.isfinite(utility), cost_usd, np.inf)
        own = (occasions.choice[rows][:, None] == self.numbers).argmax(axis=1)
        best = pick(cost_usd, own)
        felt = utility + occasions.noise[rows][:, self.numbers]
        each = np.arange(len(rows))
        gain_usd = (felt[each, best] - felt[each, own]) / alpha
        today.routed_usd[rows] = gain_usd - (attention_usd[best] - attention_usd[own])
        occasions.choice[rows] = self.numbers[best]

    def _social_cost(self, today: ShoppingDay, rows: Ints, wait_h: Floats) -> Floats:
        world, occasions = self.world, today.occasions
        drivers, roads, traffic = world.drivers, world.roads, world.settings.traffic
        home = world.households.home[occasions.household[rows]]
        pickup_km = np.full(wait_h.shape, np.inf)
        loaded_km = np.zeros(wait_h.shape)
        for column, number in enumerate(self.numbers.tolist()):
            origin = today.choices.origin[rows, number]
            loaded_km[:, column] = roads.km(origin, home)
            idle = np.flatnonzero(drivers.idle & drivers.on(number))
            if len(idle):
                pickup_km[:, column] = roads.km(drivers.place[idle][:, None], origin).min(axis=0)
        hour = (occasions.arrive_s[rows] % DAY_S // HOUR_S).astype(np.int64)
        carbon_usd = traffic.car_co2_kg_per_km / 1000 * traffic.carbon_usd_per_t
        usd_per_km = (
            world.settings.drivers.mean_cost_usd_per_km + np.array(traffic.congestion_usd_per_km)[hour] + carbon_usd
        )
        return social_cost(pickup_km, loaded_km, usd_per_km, wait_h, occasions.delay_usd_per_h[rows])
