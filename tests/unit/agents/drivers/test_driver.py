"""Shifts, trips, clocks, beliefs and acceptance of one or two drivers, by hand."""

import numpy as np
import pytest

from galleria.agents.drivers.acceptance import accept
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.shifts import is_willing
from tests.market_worlds import settings_of
from tests.trips import one_trip

HOUR, DAY = 3600.0, 86_400.0
SETTINGS = settings_of("city=toy").drivers


def pool(works: range, size: int = 1) -> Drivers:
    """Make drivers who want to work in some hours, for 15 $/h against 10 $/h, and decide 10 min into the hour."""
    drivers = Drivers(size)
    drivers.reservation_usd_per_h[:] = 10
    drivers.hourly_taste[:] = 1
    drivers.belief_usd_per_h[:, works.start : works.stop] = 15
    drivers.offset_s[:] = 600
    drivers.home[:] = 3
    drivers.plan_day(0, SETTINGS)
    return drivers


def test_who_expects_the_reservation_wage_works() -> None:
    assert is_willing(np.array([10.0, 9.99]), np.array([10.0, 10.0])).tolist() == [True, False]


def test_a_shift_starts_and_ends_at_the_drivers_own_minute() -> None:
    drivers = pool(range(9, 12))
    assert drivers.shifts.changes == [(9 * HOUR + 600, 0, True), (12 * HOUR + 600, 0, False)]
    drivers.advance(9 * HOUR + 599)
    assert not drivers.online[0]
    drivers.advance(9 * HOUR + 600)
    assert drivers.online[0]
    assert drivers.place[0] == 3
    drivers.advance(DAY)
    assert not drivers.online[0]
    assert drivers.online_s[0] == drivers.idle_s[0] == 3 * HOUR


def test_the_clock_of_a_trip_adds_up_and_the_driver_ends_where_the_customer_lives() -> None:
    drivers = pool(range(9, 12))
    drivers.advance(9 * HOUR + 1600)
    drivers.depart(one_trip(9 * HOUR + 1600, 1000, order=5, place=7))
    assert drivers.carried == 1
    assert drivers.advance(9 * HOUR + 2599) == []
    assert drivers.advance(9 * HOUR + 2600) == [5]
    assert drivers.place[0] == 7
    drivers.advance(DAY)
    states = [drivers.idle_s, drivers.to_pickup_s, drivers.at_store_s, drivers.to_door_s, drivers.at_door_s]
    assert [float(state[0]) for state in states] == [3 * HOUR - 1000, 100, 200, 300, 400]
    assert drivers.online_s[0] == 3 * HOUR


def test_who_wants_to_stop_finishes_the_trip_first() -> None:
    drivers = pool(range(9, 10))
    drivers.advance(10 * HOUR + 500)
    drivers.depart(one_trip(10 * HOUR + 500, 1000))
    drivers.advance(10 * HOUR + 1499)
    assert drivers.online[0]
    assert drivers.leaving[0]
    drivers.advance(10 * HOUR + 1500)
    assert not drivers.online[0]
    assert drivers.online_s[0] == HOUR + 900


def test_hours_on_line_and_what_they_are_worth_are_booked_by_the_clock() -> None:
    drivers = pool(range(9, 12))
    drivers.hourly_taste[0, 10] = 1.2
    drivers.advance(DAY)
    assert drivers.online_s_by_hour[0, 8:14].tolist() == [0, 3000, 3600, 3600, 600, 0]
    assert drivers.forgone_usd[0] == pytest.approx(10 * 2 + 12)


def test_a_night_worker_books_both_days() -> None:
    drivers = pool(range(23, 24))
    drivers.advance(DAY)
    assert drivers.online[0]
    drivers.close_day(0)
    assert drivers.online_s_by_hour[0, 23] == 3000
    drivers.plan_day(1, SETTINGS)
    drivers.advance(DAY + HOUR)
    assert not drivers.online[0]
    assert drivers.online_s[0] == 3600
    assert drivers.online_s_by_hour[0, [0, 23]].tolist() == [600, 0]
    assert drivers.forgone_usd[0] == pytest.approx(10)


def test_apps_are_bits() -> None:
    drivers = Drivers(3)
    drivers.apps[:] = [0b001, 0b101, 0b100]
    assert drivers.on(0).tolist() == [True, True, False]
    assert drivers.on(2).tolist() == [False, True, True]


def test_an_offer_is_taken_when_it_pays_for_the_road_and_the_time() -> None:
    """20 $ for 10 km at 0.5 $ and 1 h at r: taken up to r = 15 when noise has no scale."""
    reservation = np.array([14.99, 15.01])
    ones = np.ones(2)
    yes = accept(20 * ones, 10 * ones, ones, reservation, 0.5, 0.0, 0.5 * ones)
    assert yes.tolist() == [True, False]


def test_noise_makes_odds_of_the_gain() -> None:
    """A gain of s ln 3 is accepted by three in four: by all noises above 1/4."""
    ones = np.ones(2)
    yes = accept(2 * np.log(3) * ones, 0 * ones, 0 * ones, ones, 0.5, 2.0, np.array([0.2501, 0.2499]))
    assert yes.tolist() == [True, False]
