"""Who is let in where couriers cap log-ins."""

import numpy as np
import pytest
from scipy.stats import norm

from galleria.agents.drivers.log_in import admit, cheapest_sd, places_on_line, tiers_by_record
from galleria.agents.kernel.arrays import Bools, Floats, Ints

A, B, BOTH = 0b0001, 0b0100, 0b0101
NUMBERS = np.array([0, 2])


def let_in(
    apps: list[int], places: list[float], tier: list[int] | None = None, lot: list[float] | None = None
) -> Bools:
    """Let drivers ask for the hours 9 and 10, with some places of couriers 0 and 2 in every hour."""
    wants = np.zeros((len(apps), 24), np.bool_)
    wants[:, 9:11] = True
    order = np.arange(len(apps)) if lot is None else np.array(lot)
    group = np.zeros(len(apps), np.int64) if tier is None else np.array(tier)
    every_hour: Floats = np.tile(np.array(places)[:, None], (1, 24))
    nobody = np.zeros(len(apps), np.bool_)
    return admit(wants, nobody, np.array(apps), NUMBERS, every_hour, group, order.astype(np.float64))


def rows(inside: Bools, hour: int) -> list[int]:
    return [int(row) for row in np.flatnonzero(inside[:, hour])]


def test_places_keep_drivers_engaged_but_serve_the_peak_of_the_hour() -> None:
    """A need of 300 is 400 places at 0.75; of 9 not 12 but 9 + 2 x 3 = 15, shared by the couriers two to one."""
    need: Floats = np.array([[200.0, 6.0, 0.0], [100.0, 3.0, 0.0]])
    places = places_on_line(need, 0.75, 2.0)
    assert places.sum(axis=0).tolist() == pytest.approx([400, 15, 0])
    assert places[0] == pytest.approx(2 * places[1])


def test_the_dearer_the_wait_the_more_drivers_for_peaks() -> None:
    """By search over all: b + c_w / c_d p(b) / b; for a wait as dear as a driver about 0.8 (Borst and others, 2004)."""
    tried = np.linspace(0.02, 6.0, 60_000)
    waits = 1 / (1 + tried * norm.cdf(tried) / norm.pdf(tried))
    found = []
    for dear in (0.02, 0.2, 1.0, 5.0, 50.0):
        found.append(cheapest_sd(18 * dear, 18.0))
        assert found[-1] == pytest.approx(tried[np.argmin(tried + dear * waits / tried)], abs=1e-3)
    assert (np.diff(found) > 0).all()
    assert found[2] == pytest.approx(0.8, abs=0.1)


def test_a_driver_on_two_apps_takes_one_place_of_the_market() -> None:
    """Two places with each of two couriers hold four who work for both, not two; a fifth stays out."""
    assert rows(let_in([BOTH] * 5, [2.0, 2.0]), 9) == [0, 1, 2, 3]


def test_who_works_for_one_courier_needs_a_place_there() -> None:
    assert rows(let_in([A, A, A, B], [2.0, 2.0]), 9) == [0, 1, 3]
    assert rows(let_in([A, A, BOTH, BOTH, BOTH], [2.0, 2.0]), 9) == [0, 1, 2, 3]


def test_if_all_can_be_let_in_all_are() -> None:
    """Three work for A alone and three for both: 3 + 3 places are enough in any order of access."""
    assert let_in([BOTH, BOTH, BOTH, A, A, A], [3.0, 3.0])[:, 9:11].all()
    assert not let_in([BOTH, BOTH, BOTH, A, A, A], [2.0, 4.0])[:, 9].all()


def test_the_better_record_comes_first_and_then_the_lot() -> None:
    inside = let_in([A, A, A, A], [2.0, 0.0], tier=[1, 0, 1, 2], lot=[0.9, 0.9, 0.1, 0.0])
    assert rows(inside, 9) == [1, 2]


def test_who_is_in_stays_and_who_waited_longest_comes_next() -> None:
    """One place. Driver 0 has it at 9; driver 1 waits from 9 on and gets it at 10, when 0 has gone, before driver 2."""
    wants = np.zeros((3, 24), np.bool_)
    wants[0, 9], wants[1, 9:11], wants[2, 10:12] = True, True, True
    lot, same = np.array([0.1, 0.9, 0.0]), np.zeros(3, np.int64)
    inside = admit(wants, np.zeros(3, np.bool_), np.full(3, A), NUMBERS, np.tile([[1.0], [0.0]], (1, 24)), same, lot)
    assert [rows(inside, hour) for hour in (9, 10, 11)] == [[0], [1], [2]]


def test_who_is_in_at_midnight_stays() -> None:
    """One place, and the lot is with driver 0: but driver 1 worked until now and goes on."""
    wants = np.zeros((2, 24), np.bool_)
    wants[:, :2] = True
    lot, same, place = np.array([0.1, 0.9]), np.zeros(2, np.int64), np.tile([[1.0], [0.0]], (1, 24))
    inside = admit(wants, np.array([False, True]), np.full(2, A), NUMBERS, place, same, lot)
    assert [rows(inside, hour) for hour in (0, 1)] == [[1], [1]]


def test_tiers_are_thirds_of_those_with_a_record() -> None:
    record: Ints = np.array([0, 5, 9, 7, 1, 0])
    assert tiers_by_record(record, 3).tolist() == [2, 1, 0, 0, 1, 2]
    assert tiers_by_record(np.zeros(4, np.int64), 3).tolist() == [2, 2, 2, 2]


def test_the_room_for_peaks_and_the_groups_are_as_stated() -> None:
    need = np.full((1, 24), 25.0)
    assert (places_on_line(need, 1.0, 1.0) == 30.0).all()
    assert (places_on_line(need, 1.0, 0.0) == 25.0).all()
    assert tiers_by_record(np.array([4, 3, 2, 1]), 2).tolist() == [0, 0, 1, 1]
    assert tiers_by_record(np.array([4, 3, 0, 1]), 1).tolist() == [0, 0, 0, 0]
