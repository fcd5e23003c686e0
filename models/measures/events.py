"""The event log: all that happened in a run as one table, from columns of orders and the journal (docs/events.md)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.journal import Journal, Offered
from galleria.agents.kernel.order import Orders, Status

EVENTS = (
    "logged_on",
    "moved",
    "placed",
    "packed",
    "offered",
    "declined",
    "accepted",
    "arrived",
    "picked_up",
    "delivered",
    "cancelled",
    "moving",
    "logged_off",
)
"""Kinds of events, in the order of those of one trip that happen at the same moment."""


@dataclass(frozen=True)
class _Events:
    """Events of one kind, m of them; a number stands for all, -1 and nan for nothing.

    Of several events at one moment, those come first that belong to what began first; nan if it begins with them.
    """

    kind: str
    time_s: Floats
    order: Ints | int = -1
    driver: Ints | int = -1
    place: Ints | int = -1
    km: Floats | float = np.nan
    usd: Floats | float = np.nan
    began_s: Floats | float = np.nan


def events_frame(orders: Orders, journal: Journal, couriers: tuple[str, ...], until_s: float) -> pd.DataFrame:
    """Write one row an event, in the order of time.

    Parameters
    ----------
    orders, journal
        Of a run that has ended.
    couriers
        Names in the order of their numbers.
    until_s
        When it ended; what orders that are still open would have come to is left out.
    """
    offers = _offered(journal.offers)
    parts = [*_of_orders(orders, offers, until_s), *_of_journal(orders, journal)]
    size = [len(part.time_s) for part in parts]
    kind = np.repeat([EVENTS.index(part.kind) for part in parts], size)
    time_s = np.concatenate([part.time_s for part in parts])
    column = {
        name: np.concatenate([np.broadcast_to(getattr(part, name), n) for part, n in zip(parts, size, strict=True)])
        for name in ("order", "driver", "place", "km", "usd", "began_s")
    }
    began_s = np.where(np.isnan(column["began_s"]), time_s, column["began_s"])
    by_time = np.lexsort((kind, began_s, time_s))
    order = column["order"].astype(np.int64)
    of_order = {name: np.where(order >= 0, getattr(orders, name)[order], -1) for name in ("courier", "store")}
    return (
        pd.DataFrame(
            {
                "time_s": time_s,
                "event": pd.Categorical.from_codes(kind.astype(np.int8), pd.Index(EVENTS)),
                "order": order,
                "driver": column["driver"].astype(np.int32),
                "courier": pd.Categorical.from_codes(of_order["courier"], pd.Index(couriers)),
                "store": of_order["store"].astype(np.int32),
                "place": column["place"].astype(np.int32),
                "km": column["km"],
                "usd": column["usd"],
            }
        )
        .iloc[by_time]
        .reset_index(drop=True)
    )


def _of_orders(orders: Orders, offered: list[_Events], until_s: float) -> Iterator[_Events]:
    """Read from the columns what became of each order; who accepts one is where the last offer found that driver."""
    yield from offered
    n = orders.count
    rows, is_open = np.arange(n), orders.status[:n] == Status.OPEN
    driven = orders.driver[:n] >= 0

    def when(name: str, which: Bools) -> Ints:
        """Return the rows for which something has happened."""
        time_s = getattr(orders, name)[:n]
        return np.flatnonzero(which & np.isfinite(time_s) & (~is_open | (time_s <= until_s)))

    placed = rows
    yield _Events("placed", orders.placed_s[placed], placed, -1, orders.destination[placed], usd=orders.fee_usd[placed])
    packed = when("ready_s", ~_is_given_up(orders))
    yield _Events("packed", orders.ready_s[packed], packed, -1, orders.origin[packed])
    found = orders.origin.copy()
    for each in offered[:1]:
        found[each.order] = each.place
    taken = when("accepted_s", driven)
    yield _Events(
        "accepted",
        orders.accepted_s[taken],
        taken,
        orders.driver[taken],
        found[taken],
        usd=orders.pay_usd[taken],
    )
    there, began_s = when("arrived_s", driven), orders.accepted_s
    yield _Events(
        "arrived",
        orders.arrived_s[there],
        there,
        orders.driver[there],
        orders.origin[there],
        orders.pickup_km[there],
        began_s=began_s[there],
    )
    gone = when("picked_s", driven | (orders.status[:n] == Status.DELIVERED))
    yield _Events(
        "picked_up", orders.picked_s[gone], gone, orders.driver[gone], orders.origin[gone], began_s=began_s[gone]
    )
    home = rows[orders.status[:n] == Status.DELIVERED]
    km = np.where(driven[home], orders.loaded_km[home], np.nan)
    yield _Events(
        "delivered",
        orders.delivered_s[home],
        home,
        orders.driver[home],
        orders.destination[home],
        km,
        began_s=began_s[home],
    )


def _is_given_up(orders: Orders) -> Bools:
    """Return which orders were cancelled, or refused when they were placed, bool [n]."""
    return np.isin(orders.status[: orders.count], (Status.CANCELLED, Status.REFUSED))


def _of_journal(orders: Orders, journal: Journal) -> Iterator[_Events]:
    """Read what was noted of offers, shifts, ways without an order and orders given up."""
    for kind, begins, began_s in (("logged_on", True, -np.inf), ("logged_off", False, np.inf)):
        shifts = [each for each in journal.shifts if each.begins == begins]
        yield _Events(
            kind,
            np.array([each.time_s for each in shifts], np.float64),
            driver=np.array([each.driver for each in shifts], np.int64),
            place=np.array([each.place for each in shifts], np.int64),
            began_s=began_s,
        )
    for move in journal.moves:
        yield _Events("moving", np.full(len(move.driver), move.now_s), -1, move.driver, move.place)
        yield _Events("moved", move.arrives_s, -1, move.driver, move.goal, move.km, began_s=move.now_s)
    given_up = np.flatnonzero(_is_given_up(orders))
    time_s = orders.ready_s.copy()
    for now_s, rows in journal.cancelled:
        time_s[rows] = now_s
    yield _Events("cancelled", time_s[given_up], given_up, -1, orders.destination[given_up])


def _offered(offers: list[Offered]) -> list[_Events]:
    """List the offers, and those declined: one event for each order of each, the pay shared equally by its orders."""
    if not offers:
        return []
    parcels = np.concatenate([np.diff(each.first) for each in offers])
    asked = np.array([len(each.driver) for each in offers])
    time_s = np.repeat(np.repeat([each.now_s for each in offers], asked), parcels)
    order = np.concatenate([each.order for each in offers])
    driver, place, usd, accepted = (
        np.repeat(np.concatenate([getattr(each, name) for each in offers]), parcels)
        for name in ("driver", "place", "pay_usd", "accepted")
    )
    usd = usd / np.repeat(parcels, parcels)
    no = ~accepted
    return [
        _Events("offered", time_s, order, driver, place, usd=usd),
        _Events("declined", time_s[no], order[no], driver[no], place[no], usd=usd[no]),
    ]
