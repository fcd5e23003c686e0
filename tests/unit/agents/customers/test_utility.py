"""Costs of deliveries and trips, V and what is read from it: model 7.2 with numbers one can do in the head."""

import numpy as np

from galleria.agents.customers.utility import (
    after_waiting,
    customer_cost,
    delivery_cost,
    gain_usd,
    lateness_cost,
    surge_cost,
    time_by_basket,
    trip_cost,
    utility,
    variety,
)
from tests.market_worlds import settings_of


def test_a_delivery_costs_fee_tip_tax_and_rates_on_the_basket() -> None:
    cost = delivery_cost(np.array([3.0, 3.0]), 1.0, np.array([0.5, 0.0]), 0.2, np.array([50.0, 100.0]))
    np.testing.assert_allclose(cost, [4 + 0.5 + 10, 4 + 20])


def test_a_trip_costs_the_way_there_and_back_and_the_time_that_is_felt() -> None:
    trip = settings_of("city=toy").customers.trip
    cost = trip_cost(trip, np.array([10.0]), np.array([0.25]), np.array([0.75]), np.array([8.0]))
    np.testing.assert_allclose(cost, 0.155 * 20 + 8 * (0.5 + 0.75))


def test_large_baskets_take_their_time() -> None:
    """Twice the mean basket takes twice the time, or with half of the time fixed, half as much again."""
    for part, expected in ((1.0, [0.0, 1.0, 2.0]), (0.5, [0.5, 1.0, 1.5])):
        customers = settings_of("city=toy", f"customers.trip.time_by_basket={part}").customers
        np.testing.assert_allclose(time_by_basket(customers, np.array([0.0, 55.0, 110.0])), expected)


def test_variety_grows_by_the_logarithm_of_the_stores() -> None:
    customers = settings_of("city=toy").customers
    np.testing.assert_allclose(variety(customers, np.array([0.0, 1.0, 19.0])), 0.5 * np.log([1, 2, 20]))


def test_v_is_the_constant_and_alpha_times_the_money() -> None:
    value = np.array([[-4.0, 2.0], [-np.inf, 0.0]])
    v = utility(np.array([1.0, 0.5]), np.array([0.25, 0.5]), value)
    assert v.tolist() == [[0.0, 1.0], [-np.inf, 0.5]]
    assert customer_cost(v[:1], np.array([1.0, 0.5]), np.array([0.25])).tolist() == [[4.0, -2.0]]


def test_waiting_and_surcharges_cost_what_they_cost_and_beyond_the_cap_there_is_no_service() -> None:
    v = after_waiting(np.zeros((1, 3)), np.array([0.5]), np.array([[1.0, 4.0, 4.1]]), 4.0)
    assert v.tolist() == [[-0.5, -2.0, -np.inf]]
    assert surge_cost(np.array([0.25]), np.array([[2.0, 0.0]])).tolist() == [[0.5, 0.0]]


def test_remembered_lateness_costs_the_value_of_the_hours() -> None:
    customers = settings_of("city=toy", "customers.lateness_weight=2").customers
    cost = lateness_cost(customers, np.array([2.0, 0.5]), np.array([[0.25, 0.0], [1.0, 2.0]]))
    assert cost.tolist() == [[1.0, 0.0], [1.0, 2.0]]


def test_what_a_channel_brings_is_counted_from_not_buying() -> None:
    v, noise = np.array([[1.0, 0.0, 0.0]]), np.array([[0.5, 0.0, -0.5]])
    assert gain_usd(v, noise, np.array([0]), np.array([0.25])).tolist() == [8.0]
