"""Costs of deliveries and trips, choice, memory: each equation of model 7.2 with numbers one can do in the head."""

import numpy as np

from agents.customers.customer import (
    channel_names,
    choice_tree,
    choose_channel,
    delivery_cost,
    remember,
    trip_cost,
    variety,
)
from tests.market_worlds import settings_of


def test_a_delivery_costs_fee_tip_tax_and_rates_on_the_basket() -> None:
    cost = delivery_cost(np.array([3.0, 3.0]), 1.0, np.array([0.5, 0.0]), 0.2, np.array([50.0, 100.0]))
    np.testing.assert_allclose(cost, [4 + 0.5 + 10, 4 + 20])


def test_a_trip_costs_the_way_there_and_back_and_the_time_that_is_felt() -> None:
    trip = settings_of("city=toy").customers.trip
    cost = trip_cost(trip, np.array([10.0]), np.array([0.25]), 0.75, np.array([20.0]))
    np.testing.assert_allclose(cost, 0.155 * 20 + 0.4 * 20 * (0.5 + 0.75))


def test_variety_grows_by_the_logarithm_of_the_stores() -> None:
    customers = settings_of("city=toy").customers
    np.testing.assert_allclose(variety(customers, np.array([0.0, 1.0, 19.0])), 0.5 * np.log([1, 2, 20]))


def test_the_best_available_channel_is_chosen() -> None:
    utility = np.array([[1.0, 2.0, -np.inf], [1.0, 2.0, 0.0]])
    noise = np.array([[0.0, 0.0, 99.0], [2.0, 0.0, 0.0]])
    assert choose_channel(utility, noise).tolist() == [1, 0]


def test_memory_moves_towards_the_days_mean_where_there_were_orders() -> None:
    memory = np.array([[1.0, 1.0], [1.0, 1.0]])
    zone, channel = np.array([0, 0, 1]), np.array([0, 0, 1])
    after = remember(memory, zone, channel, np.array([0.0, 4.0, 0.0]), 0.25)
    assert after.tolist() == [[1.25, 1.0], [1.0, 0.75]]
    assert memory.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_the_tree_nests_couriers_and_stores() -> None:
    assert channel_names(("a", "b")) == ("a", "b", "store_mall", "store_big_box", "none")
    tree = choice_tree(settings_of("city=toy").customers, 2)
    assert tree.of_channel.tolist() == [0, 0, 1, 1, 2]
    assert tree.dissimilarity.tolist() == [0.7, 0.7, 1.0]
