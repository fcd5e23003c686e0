"""Orders in front of the next one, and how long they take, with drivers who work for one courier or for several."""

from math import inf

import numpy as np
import pytest

from galleria.agents.drivers.driver import Drivers
from galleria.agents.fleets.load import Engagement, orders_in_front, reach


def drivers_on(*apps: int) -> Drivers:
    drivers = Drivers(len(apps))
    drivers.apps[:] = apps
    drivers.online[:] = True
    return drivers


def in_front(drivers: Drivers, waiting: list[int]) -> list[float]:
    couriers = np.arange(len(waiting))
    reached = reach(drivers, couriers, 0.0)
    return [orders_in_front(np.array(waiting), reached, courier) for courier in couriers.tolist()]


def test_with_drivers_of_its_own_a_courier_counts_its_own_orders() -> None:
    assert in_front(drivers_on(0b01, 0b01, 0b10), [4, 6]) == [4, 6]


def test_couriers_that_share_all_drivers_count_the_orders_of_all() -> None:
    assert in_front(drivers_on(0b111, 0b111), [1, 2, 3]) == [6, 6, 6]


def test_of_a_courier_with_more_drivers_only_a_part_of_the_orders_is_in_front() -> None:
    """Courier 1 has three drivers, one of whom also works for courier 0, which has two."""
    assert in_front(drivers_on(0b01, 0b11, 0b10, 0b10), [2, 9]) == pytest.approx([2 + 9 / 3, 9 + 2 / 2])


def test_sharing_counts_every_driver_once() -> None:
    """Whoever shares with whom, the orders that each driver faces add up to all orders."""
    rng = np.random.default_rng(1)
    drivers, waiting = drivers_on(*rng.integers(1, 8, 30).tolist()), np.array([5, 7, 11])
    reached = reach(drivers, np.arange(3), 0.0)
    per_driver = waiting @ (reached / reached.sum(axis=1, keepdims=True))
    assert per_driver.sum() == pytest.approx(waiting.sum())
    for courier in range(3):
        faced = per_driver[reached[courier]].sum()
        assert orders_in_front(waiting, reached, courier) == pytest.approx(faced)


def test_who_is_off_line_leaves_or_is_under_contract_elsewhere_is_not_reached() -> None:
    drivers = drivers_on(0b11, 0b11, 0b11, 0b11)
    drivers.online[0], drivers.leaving[1] = False, True
    drivers.hired_by[2], drivers.under_contract = 1, True
    assert reach(drivers, np.arange(2), 0.0).tolist() == [[False, False, False, True], [False, False, True, True]]


def test_the_time_of_an_order_is_a_moving_average_that_starts_with_the_first() -> None:
    engagement = Engagement(0.1)
    assert engagement.wait_s(3, 2) == 0
    engagement.learn(600.0)
    engagement.learn(1600.0)
    assert engagement.mean_s == pytest.approx(700)
    assert engagement.wait_s(3, 2) == pytest.approx(1050)
    assert engagement.wait_s(0, 0) == 0
    assert engagement.wait_s(1, 0) == inf
