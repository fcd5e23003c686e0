"""The identities L1 to L5 of model 10.1 on a finished run, from its columns and tables, not from its own checks."""

from itertools import pairwise

import numpy as np
import pytest

from agents.kernel.arrays import Floats
from agents.kernel.clock import DAY_S
from agents.kernel.order import Status
from models.market import Market
from models.measures.invariants import check_clocks
from models.measures.outcome import Outcome
from models.money.settlement import SINKS

CENT = 0.01


def check_identities(market: Market, outcome: Outcome) -> None:
    """Check all of them."""
    check_orders(market, outcome)
    check_drivers(market)
    check_money(market, outcome)
    check_times(market)


def check_orders(market: Market, outcome: Outcome) -> None:
    """L1: every order is placed, and ends or is open, by courier, store and hour, in every table alike."""
    orders, n = market.world.orders, market.world.orders.count
    value = outcome.metrics.set_index("metric")["value"]
    ends = np.bincount(orders.status[:n], minlength=len(Status))
    named = [value[f"orders_{end}"] * market.settings.run.days for end in ("open", "delivered", "cancelled")]
    assert [*named, 0] == pytest.approx(ends.tolist()), "nothing but restaurant meals is refused"
    for number, courier in enumerate(market.world.couriers):
        mine = orders.courier[:n] == number
        chosen = sum(int((record.choice == number).sum()) for record in market.world.memory.days)
        assert mine.sum() == chosen, courier.name
        hours = outcome.tables["hours"]
        assert hours.loc[hours["courier"] == courier.name, "orders_placed"].sum() == chosen
    assert outcome.tables["days"]["orders_delivered"].sum() == ends[Status.DELIVERED]
    assert outcome.tables["zones"]["orders"].sum() == n
    assert len(np.unique(orders.occasion[:n])) == n


def check_drivers(market: Market) -> None:
    """L2: clocks and km add up, and nobody is on two trips at once."""
    drivers, orders = market.world.drivers, market.world.orders
    check_clocks(drivers)
    rows = np.flatnonzero(orders.driver[: orders.count] >= 0)
    for name in ("pickup_km", "loaded_km"):
        driven = np.bincount(orders.driver[rows], getattr(orders, name)[rows], minlength=len(drivers))
        np.testing.assert_allclose(driven, getattr(drivers, name), atol=1e-9)
    trip = orders.trip[rows].astype(np.int64)
    trips = int(trip.max(initial=-1)) + 1
    starts_s, ends_s, driver = np.full(trips, np.inf), np.zeros(trips), np.full(trips, -1)
    np.minimum.at(starts_s, trip, orders.accepted_s[rows])
    np.maximum.at(ends_s, trip, orders.delivered_s[rows])
    driver[trip] = orders.driver[rows]
    assert (driver[trip] == orders.driver[rows]).all()
    by_driver = np.lexsort((starts_s, driver))
    same = driver[by_driver][1:] == driver[by_driver][:-1]
    assert (starts_s[by_driver][1:][same] >= ends_s[by_driver][:-1][same] - 1e-6).all()


def check_money(market: Market, outcome: Outcome) -> None:
    """L3: the ledger sums to zero, couriers are their firms, and both ways to welfare agree to the cent."""
    ledger, days = market.world.ledger, market.settings.run.days
    assert ledger.is_balanced
    firms = dict.fromkeys(market.settings.firms, 0)
    for courier, units in zip(market.settlement.couriers, market.world.ledger.contribution.tolist(), strict=True):
        firms[courier.firm] += units
    assert list(firms.values()) == [int(ledger.balance[market.settlement.firm(name)]) for name in firms]
    value = outcome.metrics.set_index("metric")["value"]
    gross_usd = value["consumer_surplus_usd"] * days - ledger.total_usd("customers")
    used_usd = sum(ledger.total_usd(sink) for sink in SINKS) + float(market.world.drivers.forgone_usd.sum())
    expected_usd = gross_usd - used_usd - value["external_cost_usd"] * days
    assert value["welfare_usd"] * days == pytest.approx(expected_usd, abs=CENT)


def check_times(market: Market) -> None:
    """L4 and L5: orders in the system over time are the sum of their stays, and causes come before effects."""
    orders, n = market.world.orders, market.world.orders.count
    ended = np.flatnonzero(np.isfinite(orders.delivered_s[:n]) & (orders.status[:n] == Status.DELIVERED))
    start_s, end_s = orders.placed_s[ended], orders.delivered_s[ended]
    assert _time_integral(start_s, end_s) == pytest.approx(float((end_s - start_s).sum()), rel=1e-9)
    driven = ended[orders.driver[ended] >= 0]
    chain = [getattr(orders, f"{name}_s")[driven] for name in ("placed", "accepted", "arrived", "picked", "delivered")]
    for earlier, later in pairwise(chain):
        assert (earlier <= later + 1e-6).all()
    assert (orders.picked_s[driven] >= orders.ready_s[driven] - 1e-6).all()
    assert (orders.ready_s[ended] >= orders.placed_s[ended]).all()
    placed_on = orders.placed_s[:n] // DAY_S
    np.testing.assert_array_equal(placed_on, orders.day[:n])


def _time_integral(start_s: Floats, end_s: Floats) -> float:
    """Integrate the number present over time, step by step, s."""
    time_s = np.concatenate([start_s, end_s])
    order = np.argsort(time_s, kind="stable")
    present = np.cumsum(np.repeat([1, -1], len(start_s))[order])
    return float(present[:-1] @ np.diff(time_s[order])) if len(time_s) else 0.0
