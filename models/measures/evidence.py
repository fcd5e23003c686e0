"""All that measures look at, with what several of them need worked out once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from galleria.agents.couriers.tour_plan import TourPlan
from galleria.agents.dispatch.kerb import Kerb
from galleria.agents.drivers.driver import Drivers
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.kernel.roads import Roads
from galleria.agents.retailers.retailer import Retailers
from galleria.models.measures.start import Start, rows_since
from galleria.models.money.ledger import UNITS_PER_USD, Ledger
from galleria.models.settings.tree import Settings
from galleria.models.strategy.joining import Joining
from galleria.models.strategy.strategy import Strategy
from galleria.models.world import DayRecord, World


@dataclass(frozen=True)
class Evidence:
    """All that measures look at.

    Attributes
    ----------
    settings, channels
        What was run, and the names.
    records
        Occasions by day.
    orders, meals, drivers, stores, ledger
        The populations and accounts at the end; restaurant meals apart from the other orders.
    roads
        Distances.
    tours
        Van tours by day, with the hour of day at which they leave.
    contribution_usd
        float64 [J], what each courier has brought the firm that owns it.
    pressure
        Pressure of mergers on fees by pair of couriers, see `models/strategy/pressure`; empty where fees are fixed.
    values_usd
        What an order is worth beside its margin to each courier that sets its fee; empty where fees are fixed.
    kerb_wait_s
        Time that drivers have waited for a slot at the kerb of a mall.
    joining
        Equilibrium shares of stores on mall-direct, where they were asked for, and what joining brings a store.
    """

    settings: Settings
    channels: tuple[str, ...]
    records: list[DayRecord]
    orders: Orders
    meals: Orders
    drivers: Drivers
    stores: Retailers
    ledger: Ledger
    roads: Roads
    tours: list[tuple[TourPlan, float]]
    contribution_usd: Floats
    pressure: pd.DataFrame
    values_usd: dict[str, float]
    kerb_wait_s: float
    joining: Joining

    @classmethod
    def of(
        cls, world: World, kerb: Kerb | None, start: Start | None, strategy: Strategy, joining: Joining
    ) -> "Evidence":
        """Gather the evidence of a world that has run, measured from a start."""
        day = world.settings.run.warmup_days
        tours = [(plan, each.fleet.leaves_h) for each in world.couriers for plan in each.fleet.tours[day:]]
        kerb_wait_s = 0.0 if kerb is None else kerb.waited_s
        ledger = world.ledger if start is None else start.ledger_since(world.ledger)
        return cls(
            world.settings,
            world.channels.names,
            world.memory.days[day:],
            world.orders if start is None else rows_since(world.orders, start.orders),
            world.meals.orders if start is None else rows_since(world.meals.orders, start.meals),
            world.drivers if start is None else start.drivers_since(world.drivers),
            world.stores,
            ledger,
            world.roads,
            tours,
            ledger.contribution / UNITS_PER_USD,
            strategy.pressure(),
            strategy.values_usd(),
            kerb_wait_s if start is None else kerb_wait_s - start.kerb_wait_s,
            joining,
        )

    @property
    def firms(self) -> tuple[str, ...]:
        """Names of the firms."""
        return self.settings.firms

    @property
    def days(self) -> int:
        """Operating days that are measured."""
        return self.settings.run.days - self.first_day

    @property
    def first_day(self) -> int:
        """Number of the first day that is measured."""
        return self.settings.run.warmup_days

    @cached_property
    def choice(self) -> Ints:
        """int8 [n], chosen channel of each occasion."""
        return np.concatenate([record.choice for record in self.records])

    @cached_property
    def status(self) -> Ints:
        """int8 [m], status of each order."""
        return self.orders.status[: self.orders.count]

    @cached_property
    def is_gig(self) -> Bools:
        """Bool [J], whether gig drivers deliver for the courier."""
        return np.array([each.fulfilment == "gig" for each in self.settings.couriers.values()])

    @cached_property
    def gig(self) -> Ints:
        """Rows of delivered orders of gig couriers."""
        delivered = np.flatnonzero(self.status == Status.DELIVERED)
        return delivered[self.is_gig[self.orders.courier[delivered]]]

    @cached_property
    def meals_delivered(self) -> Ints:
        """Rows of delivered meals."""
        return np.flatnonzero(self.meals.status[: self.meals.count] == Status.DELIVERED)

    @property
    def by_gig_drivers(self) -> int:
        """Number of orders that gig drivers delivered, meals included."""
        return len(self.gig) + len(self.meals_delivered)

    @cached_property
    def delivery_min(self) -> Floats:
        """float64, minutes from order to door of `gig`."""
        return (self.orders.delivered_s[self.gig] - self.orders.placed_s[self.gig]) / 60

    def of_courier(self, name: str) -> Ints:
        """Rows of all orders placed with a courier."""
        return np.flatnonzero(self.orders.courier[: self.orders.count] == self.channels.index(name))

    @property
    def couriers(self) -> list[str]:
        """Names of the couriers."""
        return list(self.settings.couriers)

    @property
    def platform(self) -> str:
        """Firm that runs mall-direct, or else the first."""
        couriers = self.settings.couriers
        return couriers["mall_direct"].firm if "mall_direct" in couriers else next(iter(couriers.values())).firm

    @cached_property
    def engaged_s(self) -> float:
        """Seconds in which drivers were on a trip."""
        each = self.drivers
        return float((each.to_pickup_s + each.at_store_s + each.to_door_s + each.at_door_s).sum())

    @cached_property
    def online_h(self) -> float:
        """Hours of drivers on line."""
        return float(self.drivers.online_s.sum()) / HOUR_S

    @cached_property
    def car_km_by_hour(self) -> Floats:
        """float64 [24], km of gig drivers by hour of acceptance and of shoppers, as far as trips are not chained."""
        hours = np.zeros(24)
        for orders in (self.orders, self.meals):
            taken = np.flatnonzero(orders.driver[: orders.count] >= 0)
            hour = (orders.accepted_s[taken] % DAY_S // HOUR_S).astype(np.int64)
            np.add.at(hours, hour, orders.pickup_km[taken] + orders.loaded_km[taken])
        start_s, km = self._relocations
        np.add.at(hours, (start_s % DAY_S // HOUR_S).astype(np.int64), km)
        for record in self.records:
            np.add.at(hours, record.hour, record.trip_km * self.settings.traffic.chained_trip_factor)
        return hours

    @cached_property
    def gig_km_by_day(self) -> Floats:
        """float64 [D], km of gig drivers by the day on which the orders they carried were placed, or they relocated."""
        by_day = np.zeros(self.days)
        for orders in (self.orders, self.meals):
            taken = np.flatnonzero(orders.driver[: orders.count] >= 0)
            km = orders.pickup_km[taken] + orders.loaded_km[taken]
            by_day += np.bincount(orders.day[taken] - self.first_day, weights=km, minlength=self.days)
        start_s, relocate_km = self._relocations
        day = np.minimum(start_s // DAY_S - self.first_day, self.days - 1).astype(np.int64)
        np.add.at(by_day, day, relocate_km)
        return by_day

    @cached_property
    def _relocations(self) -> tuple[Floats, Floats]:
        """Start, s, and km of all ways to other zones without an order, float64 each."""
        start_s, km = np.array(self.drivers.relocations, np.float64).reshape(-1, 2).T
        return start_s, km

    @cached_property
    def empty_km(self) -> float:
        """Km that gig drivers drove without a parcel: to stores, and to other zones."""
        return float(self.drivers.pickup_km.sum() + self.drivers.relocate_km.sum())

    @cached_property
    def van_km_by_day(self) -> Floats:
        """float64 [D], km of the tours with the orders of each day."""
        return np.array([plan.km for plan, _ in self.tours]).reshape(-1, self.days).sum(axis=0)

    @cached_property
    def van_km(self) -> float:
        """Km of all vans."""
        return sum(plan.km for plan, _ in self.tours)
