"""Retailers: mall stores and big boxes, what they list on which courier, and how they pick orders (model 7.3)."""

from heapq import heapreplace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.population import Column, Handle, Population
from galleria.agents.retailers.settings import HoursSettings, RetailerSettings, StockSettings

BIG_BOX = -1


class Retailers(Population):
    """Mall stores first, in the order of malls, then the big boxes."""

    mall = Column(np.int16, "-", "number of the mall, BIG_BOX for a big box", kept=True)
    place = Column(np.int32, "place", "where it stands", kept=True)
    category = Column(np.int8, "-", "kind of goods, -1 for a big box, which has all", kept=True)
    chain = Column(np.int8, "-", "chain of a big box, -1 for a mall store", kept=True)
    margin = Column(np.float64, "-", "gross margin as a share of the basket")
    independent = Column(np.bool_, "-", "whether a mall store belongs to no chain")
    return_rate = Column(np.float64, "-", "share of delivered sales that is expected back")
    priority = Column(np.float64, "-", "place in its mall's order of joining a courier, from 0 to 1", per="courier")
    wanted = Column(np.bool_, "-", "whether they would be if no courier were exclusive", per="courier", kept=True)
    listed = Column(np.bool_, "-", "whether its goods are on the courier's app", per="courier")

    def __init__(self, size: int, *, courier: int) -> None:
        super().__init__(size, courier=courier)
        self.picker_free_s: list[list[float]] = []

    def hire(self, settings: RetailerSettings) -> None:
        """Hire every store its pickers, all free."""
        self.picker_free_s = [
            [0.0] * (settings.big_box.pickers if mall == BIG_BOX else settings.mall.pickers)
            for mall in self.mall.tolist()
        ]

    def write(self, rows: Ints, name: str, values: NDArray[Any]) -> None:
        """Write a column; a store that is put on an app or taken off wants to be there or not, from the next day."""
        super().write(rows, name, values)
        if name == "listed":
            self.wanted[rows] = self.listed[rows]

    def is_independent(self, store: Ints) -> Bools:
        """Return whether stores, int [m], belong to no chain; False for the marketplace's sellers, -1."""
        return np.asarray((store >= 0) & self.independent[store])

    def retire(self, rows: Ints) -> None:
        """Close mall stores from the next day on: they are on no app, and nobody visits them.

        Raises
        ------
        ValueError
            For big boxes and for all that are left of a mall, which people drive to because they are the nearest.
        """
        stays = ~self.removed
        stays[rows] = False
        if (self.mall[rows] == BIG_BOX).any():
            raise ValueError("a big box cannot be closed: people drive to it because it is the nearest")
        if empty := sorted(set(self.mall[rows].tolist()) - set(self.mall[stays].tolist())):
            raise ValueError(f"mall {empty[0]} would have no store left: people drive to it because it is the nearest")
        self.listed[rows] = False

    def past_closed(self, store: Ints) -> Ints:
        """Return mall stores, int64 [m], in the place of those that were closed the next one of the same mall."""
        while self.gone and (closed := self.removed[store]).any():
            store = np.where(closed, self.neighbour(store, 1), store)
        return store

    def neighbour(self, store: Ints, step: Ints | int) -> Ints:
        """Count on from stores within their malls, whose stores stand in one piece, each mall's as many."""
        per_mall = int((self.mall == 0).sum())
        first = self.mall[store].astype(np.int64) * per_mall
        return np.asarray(first + (store - first + step) % per_mall)

    def pick(self, store: Ints, placed_s: Floats, service_s: Floats) -> Floats:
        """Queue orders at their stores, first in first out, and return the times at which they are packed.

        The exact recursion of a queue with several servers (Kiefer and Wolfowitz 1955): an order starts when it
        is placed and the picker who is free first is free.

        Parameters
        ----------
        store
            int [m], rows of the stores.
        placed_s, service_s
            float64 [m], s; placed_s in order of time.

        Returns
        -------
        float64 [m], s.
        """
        ready = np.empty(len(store))
        for k, (row, placed, service) in enumerate(
            zip(store.tolist(), placed_s.tolist(), service_s.tolist(), strict=True)
        ):
            pickers = self.picker_free_s[row]
            ready[k] = max(placed, pickers[0]) + service
            heapreplace(pickers, ready[k])
        return ready


class Retailer(Handle):
    """One store; its attributes are the columns of `Retailers`."""


def order_by_category(mall: Ints, category: Ints, uniform: Floats) -> Floats:
    """Put the stores of each mall in an order whose beginnings have all categories in proportion.

    The k-th of n stores of a category, by its uniform number, stands at (k - 1/2) / n, ties in the order of the
    numbers: each next place goes to the category that is furthest behind (the divisor method of Webster and
    Sainte-Lague).

    Parameters
    ----------
    mall, category
        int [R].
    uniform
        float64 [R].

    Returns
    -------
    float64 [R], place in the mall's order, between 0 and 1.
    """

    def ranked(group: Ints, *keys: Floats) -> Floats:
        order = np.lexsort((*keys, group))
        first = np.searchsorted(group[order], group[order])
        place = np.empty(len(group))
        place[order] = (np.arange(len(group)) - first + 0.5) / np.bincount(group)[group[order]]
        return place

    within = ranked(np.unique(np.stack([mall, category]), axis=1, return_inverse=True)[1].ravel(), uniform)
    return ranked(np.unique(mall, return_inverse=True)[1], uniform, within)


def join_by_share(priority: Floats, mall: Ints, share: float | Floats) -> Bools:
    """Let the given share of each mall's stores join, those with the lowest priority numbers.

    Sets are nested: a store that joins at one share joins at every higher one, so two shares can be compared
    store by store. Big boxes always join.

    Parameters
    ----------
    priority
        float64 [R], numbers that belong to the stores.
    mall
        int [R], number of the mall or BIG_BOX.
    share
        Between 0 and 1, of every mall or float64 [malls]; rounded to whole stores of each mall.

    Returns
    -------
    bool [R].
    """
    joined: Bools = mall == BIG_BOX
    malls = int(mall.max(initial=-1)) + 1
    for number, of_mall in enumerate(np.broadcast_to(share, malls).tolist()):
        rows = np.flatnonzero(mall == number)
        first = rows[np.argsort(priority[rows], kind="stable")]
        joined[first[: round(of_mall * len(rows))]] = True
    return joined


def other_store(stores: Retailers, store: Ints, uniform: Floats) -> Ints:
    """Choose another store of the same mall for each, by a uniform number; the same store where it is alone.

    Parameters
    ----------
    stores
        The population; the stores of a mall stand in one piece, and each mall has as many.
    store
        int [m], rows of mall stores.
    uniform
        float64 [m].

    Returns
    -------
    int [m].
    """
    step = 1 + (uniform * (int((stores.mall == 0).sum()) - 1)).astype(np.int64)
    return stores.past_closed(stores.neighbour(store, step))


def opens_at(hours: HoursSettings, time_s: Floats, lead_min: float) -> Bools:
    """Return whether stores are open, and not within `lead_min` of closing, at times since day 0; bool [n]."""
    hour: Floats = np.mod(time_s / 3600, 24)
    is_open: Bools = (hour >= hours.opens_h) & (hour < hours.closes_h - lead_min / 60)
    return is_open


def is_missing(listed: Bools, store: Ints, uniform: Floats, settings: StockSettings) -> Bools:
    """Return which orders the picker cannot find: with chance p0 + p1 (couriers the store is on - 1).

    Parameters
    ----------
    listed
        bool [R, J], which stores are on which couriers' apps.
    store
        int [m], where each order is packed.
    uniform
        float64 [m], noise of the order.
    settings
        p0 and p1.
    """
    if settings.record_error == settings.record_error_per_further_courier == 0:
        return np.zeros(len(store), np.bool_)
    further = np.maximum(listed[store].sum(axis=1) - 1, 0)
    return np.asarray(uniform < settings.record_error + settings.record_error_per_further_courier * further)
