"""The world: all state that processes share (model 5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from galleria.agents.couriers.courier import Courier
from galleria.agents.customers.choice import Nests
from galleria.agents.customers.choice_set import Shopping
from galleria.agents.customers.households import Households
from galleria.agents.drivers.driver import Drivers
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.order import Orders
from galleria.agents.kernel.roads import Roads
from galleria.agents.regulator.regulator import Regulator
from galleria.agents.retailers.retailer import Retailers
from galleria.models.city import City
from galleria.models.money.burden import Burden
from galleria.models.money.ledger import Ledger
from galleria.models.settings.tree import Settings
from galleria.models.streams import Streams
from galleria.models.world.meals import Meals
from galleria.models.world.record import DayRecord


@dataclass
class Clock:
    """What time it is.

    Attributes
    ----------
    now_s
        Seconds since the first midnight.
    day
        Number of the day that is open.
    """

    now_s: float = 0.0
    day: int = 0


@dataclass(frozen=True)
class Channels:
    """Where a household may buy: the couriers in the order of the config, the mall, the big box, nothing.

    Attributes
    ----------
    names
        C of them, the first J of couriers.
    nests
        The choice tree.
    constants
        float64 [C], utils.
    gig
        int64, numbers of the couriers with gig drivers.
    """

    names: tuple[str, ...]
    nests: Nests
    constants: Floats
    gig: NDArray[np.int64]

    def number(self, name: str) -> int:
        """Return the number of a channel."""
        return self.names.index(name)


@dataclass
class Memory:
    """What is remembered of days gone by.

    Attributes
    ----------
    lateness_h
        float64 [Z, C], how late parcels came, by zone and channel, h.
    days
        Records of the days that have closed.
    top_ups_usd
        float64 [J] a day, what couriers topped up pay by.
    burden
        What policies have cost each courier by the order.
    """

    lateness_h: Floats
    days: list[DayRecord]
    top_ups_usd: list[Floats]
    burden: Burden


@dataclass
class World:
    """The state of a market.

    Attributes
    ----------
    settings
        The design point.
    city, roads
        Places, and how long it takes between them.
    streams
        All random numbers.
    clock
        The present moment.
    channels, shopping
        Where households may buy, and what is the same for all their occasions.
    households, drivers, orders
        The populations, beside the stores.
    meals
        Restaurant meals that the same drivers carry.
    couriers
        In the order of the config.
    regulator
        Policies.
    ledger
        All money.
    memory
        What is remembered of days gone by.
    """

    settings: Settings
    city: City
    roads: Roads
    streams: Streams
    clock: Clock
    channels: Channels
    shopping: Shopping
    households: Households
    drivers: Drivers
    orders: Orders
    meals: Meals
    couriers: list[Courier]
    regulator: Regulator
    ledger: Ledger
    memory: Memory

    @property
    def stores(self) -> Retailers:
        """The malls' stores and the big boxes, as shoppers know them."""
        return self.shopping.stores
