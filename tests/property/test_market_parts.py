"""Queues, roads, ledgers, memories and shifts under any input."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from galleria.agents.customers.memory import remember
from galleria.agents.drivers.driver import Drivers
from galleria.agents.kernel.roads import Roads, arrival_s
from galleria.agents.retailers.retailer import Retailers, join_by_share
from galleria.models.money.ledger import Ledger
from tests.market_worlds import settings_of
from tests.trips import one_trip

few = settings(max_examples=60, deadline=None, derandomize=True, database=None)
seconds = st.floats(0, 5000)
DAY_S = 86_400.0


@given(st.integers(1, 4), st.lists(st.tuples(seconds, seconds), min_size=1, max_size=30))
@few
def test_a_picking_queue_is_first_in_first_out_and_never_idle_with_work(
    pickers: int, orders: list[tuple[float, float]]
) -> None:
    """An order starts as soon as it is placed and fewer than c of those before it are unfinished."""
    placed = np.sort([order[0] for order in orders])
    service = np.array([order[1] for order in orders])
    stores = Retailers(1, courier=1)
    stores.picker_free_s = [[0.0] * pickers]
    ready = stores.pick(np.zeros(len(orders), np.int64), placed, service)
    for k in range(len(orders)):
        before = sorted(ready[:k].tolist(), reverse=True)
        earliest = max(placed[k], before[pickers - 1] if k >= pickers else 0.0)
        assert abs(ready[k] - service[k] - earliest) < 1e-6


@given(
    st.lists(st.floats(0.2, 2.0), min_size=24, max_size=24),
    st.floats(0, 80_000),
    st.floats(0, 5000),
    st.integers(0, 65_535),
)
@few
def test_who_leaves_later_never_arrives_earlier(
    speed: list[float], depart_s: float, later_s: float, free_steps: int
) -> None:
    progress = np.concatenate([[0.0], np.cumsum(np.tile(speed, 8)) * 3600])
    free = np.array([[0, free_steps], [free_steps, 0]], np.uint16)
    roads = Roads(free, 0.5, free, 0.001, progress)
    first, second = arrival_s(roads, 0, 1, depart_s), arrival_s(roads, 0, 1, depart_s + later_s)
    assert depart_s - 1e-6 <= first <= second + 1e-6
    quickest, slowest = free_steps * 0.5 / max(speed), free_steps * 0.5 / min(speed)
    assert quickest - 1e-6 <= first - depart_s <= slowest + 1e-6


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(-1e6, 1e6)), max_size=50))
@few
def test_whatever_is_posted_the_ledger_sums_to_zero(postings: list[tuple[int, int, float]]) -> None:
    ledger = Ledger({"a": 4, "b": 2})
    for payer, payee, usd in postings:
        ledger.post("leg", np.asarray(payer), np.asarray(payee), usd)
    assert ledger.is_balanced
    assert abs(ledger.posted_usd("leg") - sum(usd for *_, usd in postings)) <= 0.5e-4 * len(postings) + 1e-6


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30, unique=True), st.floats(0, 1), st.floats(0, 1))
@few
def test_who_joins_at_a_share_joins_at_every_higher_one(priority: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    stores = len(priority)
    mall = np.repeat([0, 1], stores)
    both = np.array([*priority, *reversed(priority)])
    fewer, more = join_by_share(both, mall, low), join_by_share(both, mall, high)
    assert (fewer <= more).all()
    assert fewer[:stores].sum() == fewer[stores:].sum() == round(low * stores)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.floats(0, 10)), max_size=20), st.floats(0, 1))
@few
def test_memory_stays_between_what_was_and_what_was_seen(seen: list[tuple[int, int, float]], rate: float) -> None:
    zone, channel = np.array([each[0] for each in seen], int), np.array([each[1] for each in seen], int)
    late = np.array([each[2] for each in seen], float)
    after = remember(np.full((3, 2), 2.0), zone, channel, late, rate)
    assert (after >= min([2.0, *late]) - 1e-9).all()
    assert (after <= max([2.0, *late]) + 1e-9).all()


@given(st.lists(st.booleans(), min_size=24, max_size=24), st.lists(st.floats(0.001, 0.999), min_size=5, max_size=40))
@few
def test_a_drivers_clock_adds_up_whatever_the_shifts_and_trips(willing: list[bool], pauses: list[float]) -> None:
    """Trips start now and then while the driver is idle; the states sum to the time on line, over two days."""
    drivers = Drivers(1)
    drivers.reservation_usd_per_h[:] = 1
    drivers.hourly_taste[:] = 1
    drivers.belief_usd_per_h[0] = np.where(willing, 2, 0)
    drivers.offset_s[:] = 3600 * pauses[0]
    booked_s = 0.0
    for day in range(2):
        drivers.plan_day(day, settings_of("city=toy").drivers)
        now = day * DAY_S
        for pause in pauses * 2:
            now = min(now + 4000 * pause, (day + 1) * DAY_S - 1)
            drivers.advance(now)
            if drivers.idle[0]:
                drivers.depart(one_trip(now, 3000 * pauses[1]))
        drivers.advance((day + 1) * DAY_S)
        drivers.close_day(day)
        drivers.learn(settings_of("city=toy").drivers, 0.0)
        booked_s += drivers.online_s_by_hour.sum()
    night_s = drivers.online_s_by_hour.sum()
    drivers.advance(2 * DAY_S + 5000)
    drivers.send_home(2 * DAY_S + 5000)
    booked_s += drivers.online_s_by_hour.sum() - night_s
    states = drivers.idle_s + drivers.to_pickup_s + drivers.at_store_s + drivers.to_door_s + drivers.at_door_s
    np.testing.assert_allclose(states, drivers.online_s, atol=1e-5)
    np.testing.assert_allclose(booked_s, drivers.online_s[0], atol=1e-5)
    np.testing.assert_allclose(drivers.forgone_usd[0], booked_s / 3600, atol=1e-8)
    assert drivers.idle_s[0] >= 0
