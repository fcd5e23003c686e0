"""Slots at the kerb: booked when a trip is accepted, first for long enough, never two drivers in one."""

from functools import partial
from math import sqrt

import numpy as np
import pytest

from galleria.agents.dispatch.kerb import Kerb, Stay
from galleria.experiments.verification.queues import erlang_c_wait
from tests.identities import check_identities
from tests.market_worlds import BUSY_TOY, run_of

MALL = 7
CROWDED = (*BUSY_TOY, "customers.occasions_per_household_day=3.0", "couriers.mall_direct.fee_usd=0.0", "run.days=2")
REPLICATIONS, DRIVERS = 20, 10_000


def after(dwell_s: float, start_s: float) -> float:
    """Leave after a fixed time."""
    return start_s + dwell_s


def book(kerb: Kerb, arrives_s: float, dwell_s: float = 60.0, now_s: float = 0.0) -> Stay:
    stay = kerb.book(MALL, arrives_s, partial(after, dwell_s), now_s)
    assert stay is not None
    return stay


def test_who_accepts_later_stands_in_a_gap_or_waits() -> None:
    kerb = Kerb(1, np.array([MALL]))
    assert book(kerb, 100.0) == Stay(100.0, 160.0, MALL, 0)
    assert book(kerb, 130.0).start_s == 160.0
    assert book(kerb, 20.0).start_s == 20.0
    assert book(kerb, 30.0).start_s == 220.0, "20 to 80 is taken, and 20 s before 100 are too few"
    assert book(kerb, 0.0, dwell_s=20.0).start_s == 0.0
    assert kerb.book(3, 0.0, partial(after, 1.0), 0.0) is None


def test_the_slot_that_is_free_first_is_taken() -> None:
    kerb = Kerb(2, np.array([MALL]))
    stays = [book(kerb, at) for at in (0.0, 10.0, 20.0, 30.0)]
    assert [(stay.start_s, stay.slot) for stay in stays] == [(0.0, 0), (10.0, 1), (60.0, 0), (70.0, 1)]
    kerb.release(stays[2])
    assert book(kerb, 20.0) == stays[2]


def test_a_stay_is_extended_only_while_nobody_else_has_booked() -> None:
    kerb = Kerb(1, np.array([MALL]))
    first, _ = book(kerb, 0.0), book(kerb, 100.0)
    longer = kerb.extend(first, 100.0)
    assert longer == Stay(0.0, 100.0, MALL, 0)
    assert kerb.extend(longer, 101.0) is None
    assert book(kerb, 0.0).start_s == 160.0


@pytest.mark.parametrize(("slots", "load", "cv"), [(1, 0.8, 1.0), (5, 4.0, 1.0), (1, 0.8, 0.5)])
def test_a_kerb_where_drivers_accept_as_they_come_is_a_queue(slots: int, load: float, cv: float) -> None:
    """M/M/c by Erlang, M/G/1 by Pollaczek and Khinchine; four standard errors of 20 replications (model Q2, Q3)."""
    rng, means = np.random.default_rng(31), []
    sd_log = sqrt(np.log1p(cv**2))
    for _ in range(REPLICATIONS):
        arrives = np.cumsum(rng.exponential(1 / load, DRIVERS))
        law = rng.standard_exponential(DRIVERS)
        dwell = law if cv == 1 else np.exp(sd_log * rng.standard_normal(DRIVERS) - sd_log**2 / 2)
        kerb = Kerb(slots, np.array([MALL]))
        waits = [
            book(kerb, at, stands, now_s=at).start_s - at
            for at, stands in zip(arrives.tolist(), dwell.tolist(), strict=True)
        ]
        means.append(np.mean(waits[DRIVERS // 10 :]))
    expected = erlang_c_wait(slots, load) * (1 + cv**2) / 2
    error = float(np.std(means, ddof=1)) / sqrt(REPLICATIONS)
    assert abs(np.mean(means) - expected) < 4 * error
    assert error < 0.1 * expected


@pytest.mark.parametrize("dispatch", ["lap", "mall_bundled"])
@pytest.mark.parametrize("slots", [1, 2])
def test_no_slot_has_two_drivers(slots: int, dispatch: str) -> None:
    """Drivers leave a mall with one slot at least a hand-over apart, with two slots every other one."""
    market, outcome = run_of(*CROWDED, f"retailers.kerb.slots={slots}", f"dispatch={dispatch}")
    orders, handover_s = market.world.orders, market.settings.retailers.handover_min * 60
    rows = np.flatnonzero((orders.driver[: orders.count] >= 0) & (orders.store[: orders.count] < 40))
    trips, first = np.unique(orders.trip[rows], return_index=True)
    left_s = np.sort(orders.picked_s[rows][first])
    assert len(trips) > 50
    assert (left_s[slots:] - left_s[:-slots] >= handover_s - 1e-6).all()
    value = outcome.metrics.set_index("metric")["value"]
    assert value["kerb_wait_min_mean"] > 0
    assert 0 < value["kerb_minutes"] <= slots * 24 * 60
    check_identities(market, outcome)


@pytest.mark.parametrize("dispatch", ["lap", "mall_bundled"])
def test_slots_that_are_never_all_taken_change_no_bit(dispatch: str) -> None:
    free = run_of(*CROWDED, f"dispatch={dispatch}")
    many = run_of(*CROWDED, f"dispatch={dispatch}", "retailers.kerb.slots=1000")
    assert free[1].metrics.equals(many[1].metrics)
    for name, table in free[1].tables.items():
        assert table.equals(many[1].tables[name]), name
    value = free[1].metrics.set_index("metric")["value"]
    assert value["kerb_wait_min_mean"] == 0
    gig = free[1].tables["orders"].query("status == 'delivered' and store >= 0 and store < 40")
    trips = gig.groupby("trip").agg(arrived_s=("arrived_s", "min"), picked_s=("picked_s", "max"))
    assert value["kerb_minutes"] == pytest.approx((trips["picked_s"] - trips["arrived_s"]).sum() / 60 / 2)
