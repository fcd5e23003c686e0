"""The broker in the market: orders for any of its couriers go to the one it picks (model 8, markets)."""

from typing import TYPE_CHECKING, Self

import numpy as np

from agents.couriers.broker import BrokerSettings, pick, social_cost
from agents.customers.utility import customer_cost
from agents.kernel.arrays import Floats, Ints
from agents.kernel.clock import DAY_S, HOUR_S

if TYPE_CHECKING:
    from models.market import Market


class Broker:
    """Hands orders to couriers before they are placed; the customer pays the price of the courier that delivers.

    Parameters
    ----------
    market
        Whose shoppers choose.
    settings
        Whom to ask, and for whom.
    """

    def __init__(self, market: "Market", settings: BrokerSettings) -> None:
        self.market, self.settings = market, settings
        self.numbers = np.array([market.channels.index(name) for name in settings.couriers])

    @classmethod
    def of(cls, market: "Market") -> Self | None:
        """Make the broker of a market, or None where it has none."""
        settings = market.settings.strategy.broker
        return None if settings is None else cls(market, settings)

    def route(self, shoppers: slice, quote_h: Floats) -> None:
        """Change the choices of shoppers, at quotes float64 [C] or [m, C], h, and note what it is worth to them."""
        market, today = self.market, self.market.today
        occasions = today.occasions
        asked = np.flatnonzero(np.isin(occasions.choice[shoppers], self.numbers))
        if not len(asked):
            return
        rows = shoppers.start + asked
        person = occasions.household[rows]
        alpha = market.households.price_sensitivity[person]
        utility = occasions.utility[rows][:, self.numbers]
        if self.settings.chooses_for == "customer":
            cost_usd = customer_cost(utility, market.constants[self.numbers], alpha)
        else:
            quoted_h = quote_h[self.numbers] if quote_h.ndim == 1 else quote_h[np.ix_(asked, self.numbers)]
            cost_usd = self._social_cost(rows, quoted_h + today.choices.drive_h[np.ix_(rows, self.numbers)])
        cost_usd = np.where(np.isfinite(utility), cost_usd, np.inf)
        own = (occasions.choice[rows][:, None] == self.numbers).argmax(axis=1)
        best = pick(cost_usd, own)
        felt = utility + occasions.noise[rows][:, self.numbers]
        each = np.arange(len(rows))
        today.routed_usd[rows] = (felt[each, best] - felt[each, own]) / alpha
        occasions.choice[rows] = self.numbers[best]

    def _social_cost(self, rows: Ints, wait_h: Floats) -> Floats:
        market, occasions = self.market, self.market.today.occasions
        drivers, roads, traffic = market.drivers, market.roads, market.settings.traffic
        home = market.households.home[occasions.household[rows]]
        pickup_km = np.full(wait_h.shape, np.inf)
        loaded_km = np.zeros(wait_h.shape)
        for column, number in enumerate(self.numbers.tolist()):
            origin = market.today.choices.origin[rows, number]
            loaded_km[:, column] = roads.km(origin, home)
            idle = np.flatnonzero(drivers.idle & drivers.on(number))
            if len(idle):
                pickup_km[:, column] = roads.km(drivers.place[idle][:, None], origin).min(axis=0)
        hour = (occasions.arrive_s[rows] % DAY_S // HOUR_S).astype(np.int64)
        carbon_usd = traffic.car_co2_kg_per_km / 1000 * traffic.carbon_usd_per_t
        usd_per_km = (
            market.settings.drivers.cost_usd_per_km + np.array(traffic.congestion_usd_per_km)[hour] + carbon_usd
        )
        delay_usd_per_h = market.households.delay_usd_per_h[occasions.household[rows]]
        return social_cost(pickup_km, loaded_km, usd_per_km, wait_h, delay_usd_per_h)
