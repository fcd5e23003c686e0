"""Where a channel's goods come from: stores on an app, the warehouse, a store the customer drives to (model 7.2, 7.3).

A source answers for all of a day's occasions at once. Each courier's terms hold one; none knows of the others.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.store_map import StoreMap
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.retailers.retailer import BIG_BOX, opens_at

NOBODY = -1


class Found(NamedTuple):
    """What a source has for each of n occasions.

    Attributes
    ----------
    store
        int [n], row of the retailer that sells, NOBODY for the marketplace's sellers.
    origin
        int [n], place where the parcel is collected.
    drive_h
        float64 [n], hours from the parcel's departure to the customer's hands, 0 where a day's tour delivers.
    assortment
        float64 [n], stores to choose from.
    available
        bool [n], whether there is anything at all.
    visit_h
        Time at the kerb where the customer collects the parcel and so drives there and back, h; None for a delivery.
    """

    store: Ints
    origin: Ints
    drive_h: Floats
    assortment: Floats
    available: Bools
    visit_h: float | None = None


class Source(Protocol):
    """Where goods come from."""

    @property
    def packs_on_order(self) -> bool:
        """Whether a store's pickers pack each order when it is placed."""

    @property
    def preparation_s(self) -> float:
        """Time from the order to the packed parcel where no store's pickers pack it, s."""

    def find(self, where: StoreMap, occasions: Occasions, households: Households) -> Found:
        """Find a store, a place and a way for each occasion."""


@dataclass(frozen=True)
class StoreSource:
    """Stores on a courier's app, in the mall or the big box nearest to the customer.

    Attributes
    ----------
    listed
        bool [R], stores on the app.
    mall_share
        Of the orders that customers want from the mall, the rest from the big box; either is taken if the other has
        nothing.
    radius_km
        Longest way from the store to the door.
    chain
        Big boxes of this chain only, None for all.
    weight
        float64 [R], how often mall stores are shown beside each other, from 0 to 1; None for all alike.
    """

    listed: Bools
    mall_share: float
    radius_km: float
    chain: str | None
    weight: Floats | None = None

    packs_on_order = True
    preparation_s = 0.0

    def find(self, where: StoreMap, occasions: Occasions, households: Households) -> Found:
        """Choose among the stores that are open, within the radius, and have the wanted kind of goods."""
        stores, hours, nearest, roads = where.stores, where.retailers, where.nearest, where.roads
        home = households.home[occasions.household]
        mall_store, choices = where.store_in_mall(occasions, home, self.listed, self.weight)
        big_box = nearest.big_box[self.chain][home]
        lead = hours.last_order_min
        from_mall = opens_at(hours.mall, occasions.arrive_s, lead) & (choices > 0)
        from_mall &= roads.km(nearest.mall_place[home], home) <= self.radius_km
        from_box = opens_at(hours.big_box, occasions.arrive_s, lead) & (self.mall_share < 1) & self.listed[big_box]
        from_box &= roads.km(stores.place[big_box], home) <= self.radius_km
        wants_mall = occasions.source_pick < self.mall_share
        use_mall = from_mall & (wants_mall | ~from_box) & (self.mall_share > 0)
        store = np.where(use_mall, mall_store, np.where(from_box, big_box, NOBODY))
        origin = stores.place[store]
        in_mall = self.listed & (stores.mall != BIG_BOX)
        shown = None if self.weight is None else self.weight[in_mall]
        listed_of_mall = np.bincount(stores.mall[in_mall], shown, minlength=len(stores))
        return Found(
            store,
            origin,
            where.delivery_h(origin, home, occasions.arrive_s),
            (listed_of_mall[nearest.mall[home]] * from_mall * (self.mall_share > 0) + from_box).astype(np.float64),
            store != NOBODY,
        )


@dataclass(frozen=True)
class WarehouseSource:
    """The warehouse, for goods of the marketplace's sellers or of mall stores that sell on their own sites.

    Attributes
    ----------
    place
        Where it stands.
    sold_by_stores
        Whether a mall store sells the goods.
    by_tour
        Whether they go out on the next day's tours, and not by a driver at once.
    radius_km
        Longest way to the door.
    preparation_s
        Time from the order to the packed parcel, s.
    """

    place: int
    sold_by_stores: bool
    by_tour: bool
    radius_km: float
    preparation_s: float

    packs_on_order = False

    def find(self, where: StoreMap, occasions: Occasions, households: Households) -> Found:
        """Ship to everybody within the radius, at any hour."""
        home = households.home[occasions.household]
        n = len(home)
        origin = np.full(n, self.place)
        store, assortment = np.full(n, NOBODY), np.zeros(n)
        if self.sold_by_stores:
            store = where.store_visited(occasions, home)
            assortment = where.stores_of_mall[where.nearest.mall[home]].astype(np.float64)
        drive_h = np.zeros(n)
        if not self.by_tour:
            drive_h = where.delivery_h(origin, home, occasions.arrive_s)
        reached = where.roads.km(origin, home) <= self.radius_km
        return Found(store, origin, drive_h, assortment, reached)


@dataclass(frozen=True)
class PickupSource:
    """A big box of a chain where customers collect what they ordered on line.

    Attributes
    ----------
    chain
        Big boxes of this chain only, None for all.
    visit_h
        Time at the kerb, h.
    """

    chain: str | None
    visit_h: float

    packs_on_order = True
    preparation_s = 0.0

    def find(self, where: StoreMap, occasions: Occasions, households: Households) -> Found:
        """Let the customer drive there and back when the order is packed."""
        home = households.home[occasions.household]
        store = where.nearest.big_box[self.chain][home]
        origin = where.stores.place[store]
        drive_h = where.roads.drive_s(home, origin, occasions.arrive_s) / HOUR_S
        is_open = opens_at(where.retailers.big_box, occasions.arrive_s, where.retailers.last_order_min)
        return Found(store, origin, drive_h, np.ones(len(home)), is_open, self.visit_h)
