"""Retailers: mall stores and big boxes, what they list on which courier, and how they pick orders (model 7.3)."""

from heapq import heapreplace
from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.parameters import HourOfDay, NonNegative, Parameters, Share, shares_sum_to_one
from agents.kernel.population import Column, Handle, Population
from agents.retailers.opt_in import OptInSettings

BIG_BOX = -1


class HoursSettings(Parameters):
    """Opening hours and hands of one kind of store."""

    opens_h: HourOfDay
    closes_h: HourOfDay
    pickers: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_h >= self.closes_h:
            raise ValueError(f"opens_h ({self.opens_h:g}) must be earlier than closes_h ({self.closes_h:g})")
        return self


class MallSettings(HoursSettings):
    """The stores of a mall."""

    stores: Annotated[int, Field(ge=1, le=2000)]


class BigBoxSettings(HoursSettings):
    """The big boxes."""

    chains: Annotated[tuple[str, ...], Field(min_length=1)]


class PickingSettings(Parameters):
    """Lognormal time to pick and pack an order."""

    mean_min: Annotated[float, Field(gt=0, le=240)]
    cv: Annotated[float, Field(ge=0, le=5)]


class StockSettings(Parameters):
    """What a mall store has on its shelves, and how often its records are wrong."""

    units: Annotated[int, Field(ge=0)] | None
    record_error: Share
    record_error_per_further_courier: Share


class KerbSettings(Parameters):
    """Where drivers stand at a mall while they take parcels over."""

    slots: Annotated[int, Field(ge=1, le=10_000)] | None


class MarginSettings(Parameters):
    """Gross margins as shares of the basket."""

    mall: Share
    big_box: Share
    marketplace: Share


class RetailerSettings(Parameters):
    """Stores of the malls and the big boxes; units and sources stand in conf/retailers."""

    mall: MallSettings
    big_box: BigBoxSettings
    last_order_min: Annotated[float, Field(ge=0, le=600)]
    categories: Annotated[dict[str, Share], Field(min_length=1)]
    picking: PickingSettings
    handover_min: Annotated[float, Field(ge=0, le=120)]
    margin: MarginSettings
    picking_cost_usd: NonNegative
    returns_cost_usd: NonNegative
    integration_usd_per_week: NonNegative
    setup_usd_per_week: NonNegative
    unplanned_share: Share
    rent_share_of_walk_in: Share
    rent_share_of_delivered: Share
    stock: StockSettings
    kerb: KerbSettings
    opt_in: OptInSettings

    @model_validator(mode="after")
    def _sums(self) -> Self:
        shares_sum_to_one("categories", list(self.categories.values()))
        return self


class Retailers(Population):
    """Mall stores first, in the order of malls, then the big boxes."""

    mall = Column(np.int16, "-", "number of the mall, BIG_BOX for a big box")
    place = Column(np.int32, "place", "where it stands")
    category = Column(np.int8, "-", "kind of goods, -1 for a big box, which has all")
    chain = Column(np.int8, "-", "chain of a big box, -1 for a mall store")
    margin = Column(np.float64, "-", "gross margin as a share of the basket")
    priority = Column(np.float64, "-", "uniform: the lower, the earlier it joins a courier", per="courier")
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


def join_by_share(priority: Floats, mall: Ints, share: float) -> Bools:
    """Let the given share of each mall's stores join, those with the lowest priority numbers.

    Sets are nested: a store that joins at one share joins at every higher one, so two shares can be compared
    store by store. Big boxes always join.

    Parameters
    ----------
    priority
        float64 [R], uniform numbers that belong to the stores.
    mall
        int [R], number of the mall or BIG_BOX.
    share
        Between 0 and 1; rounded to whole stores of each mall.

    Returns
    -------
    bool [R].
    """
    joined: Bools = mall == BIG_BOX
    for number in range(int(mall.max(initial=-1)) + 1):
        rows = np.flatnonzero(mall == number)
        first = rows[np.argsort(priority[rows], kind="stable")]
        joined[first[: round(share * len(rows))]] = True
    return joined


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
