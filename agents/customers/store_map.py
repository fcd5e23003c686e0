"""Where the stores are, when they are open and how far they are from the customers (model 7.2, 7.3)."""

from dataclasses import dataclass

import numpy as np

from galleria.agents.customers.households import Occasions
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.roads import MixedRoads, Roads
from galleria.agents.retailers.retailer import BIG_BOX, Retailers
from galleria.agents.retailers.settings import RetailerSettings


@dataclass(frozen=True)
class Nearest:
    """The stores nearest to each place, by driving time.

    Attributes
    ----------
    mall
        int [P], number of the mall.
    mall_place
        int [P], where it stands.
    big_box
        int [P] for each chain, row of the big box among the retailers; None is the key for any chain.
    """

    mall: Ints
    mall_place: Ints
    big_box: dict[str | None, Ints]


@dataclass(frozen=True)
class StoreMap:
    """Stores and the roads between them and the customers.

    Attributes
    ----------
    retailers
        Settings, for opening hours and categories.
    stores
        The population of retailers.
    nearest
        Nearest stores of each place.
    roads
        Driving times and distances.
    door_h
        Time of the hand-over at the door, h.
    carried
        The roads as drivers with parcels are known to need them.
    """

    retailers: RetailerSettings
    stores: Retailers
    nearest: Nearest
    roads: Roads
    door_h: float
    carried: MixedRoads

    def delivery_h(self, origin: Ints, home: Ints, depart_s: Floats) -> Floats:
        """Return the time from the parcel's departure to the end of the hand-over at the door, float64 [n], h."""
        return self.carried.drive_s(origin, home, depart_s) / HOUR_S + self.door_h

    @property
    def stores_of_mall(self) -> Ints:
        """Number of open stores of each mall, int64 [malls]."""
        return np.bincount(self.stores.mall[(self.stores.mall != BIG_BOX) & ~self.stores.removed])

    def store_in_mall(
        self, occasions: Occasions, home: Ints, listed: Bools, weight: Floats | None = None
    ) -> tuple[Ints, Ints]:
        """Choose a store of the wanted category in the nearest mall among the listed ones, by weights if any, [R].

        Returns
        -------
        int64 [n], rows of retailers (any row where there is none), and int64 [n], how many there were to choose from.
        """
        stores, categories = self.stores, len(self.retailers.categories) + 1  # the last: what no mall has
        in_mall = np.flatnonzero(listed & (stores.mall != BIG_BOX))
        if not len(in_mall):
            return np.zeros(len(home), np.int64), np.zeros(len(home), np.int64)
        shelf_of_store = stores.mall[in_mall].astype(np.int64) * categories + stores.category[in_mall]
        by_shelf = in_mall[np.argsort(shelf_of_store, kind="stable")]
        count = np.bincount(shelf_of_store, minlength=(int(stores.mall.max()) + 1) * categories)
        first = np.cumsum(count) - count
        shelf = self.nearest.mall[home] * categories + occasions.category
        if weight is not None:
            end = np.cumsum(weight[by_shelf])
            begin = np.concatenate([[0.0], end])[first[shelf]]
            total = np.bincount(shelf_of_store, weight[in_mall], minlength=len(count))[shelf]
            row = np.searchsorted(end, begin + occasions.store_pick * total, side="right")
            return by_shelf[np.minimum(row, len(by_shelf) - 1)], np.where(total > 0, count[shelf], 0)
        nth = (occasions.store_pick * count[shelf]).astype(np.int64)
        return by_shelf[np.minimum(first[shelf] + nth, len(by_shelf) - 1)], count[shelf]

    def store_visited(self, occasions: Occasions, home: Ints) -> Ints:
        """Choose the store where a visitor of the nearest mall buys: of the wanted kind, or any if it has none."""
        per_mall = self.retailers.mall.stores
        store, choices = self.store_in_mall(occasions, home, ~self.stores.removed)
        any_store = self.nearest.mall[home] * per_mall + (occasions.store_pick * per_mall).astype(np.int64)
        return np.where(choices > 0, store, self.stores.past_closed(any_store))
