"""From arrivals to orders and their bills."""

import numpy as np
import pytest

from models.market import Market
from tests.market_worlds import BUSY_TOY, market_of


@pytest.fixture
def market() -> Market:
    market = market_of(*BUSY_TOY)
    market.open_day(0)
    return market


def test_shoppers_arrive_once_and_in_order(market: Market) -> None:
    """The day opens with those who come before the first quotes are renewed, none of them here."""
    today = market.today
    first = today.next_arrival_s(0.0)
    assert today.arrived == 0
    assert today.arrive(first - 1) == slice(0, 0)
    assert today.arrive(first) == slice(0, 1)
    assert today.arrive(86_400.0) == slice(1, len(today))
    assert today.next_arrival_s(first) > first
    assert today.next_arrival_s(86_400.0) == np.inf


def test_orders_are_those_who_chose_a_courier_with_what_it_quoted(market: Market) -> None:
    today, orders = market.today, market.world.orders
    everyone = today.arrive(86_400.0)
    today.choose(everyone, market.quotes.hours)
    rows = today.place(everyone, market.quotes.hours)
    choice = today.occasions.choice
    which = np.flatnonzero(choice < 4)
    assert rows == slice(0, len(which))
    np.testing.assert_array_equal(orders.courier[rows], choice[which])
    np.testing.assert_array_equal(orders.placed_s[rows], today.occasions.arrive_s[which])
    quoted_h = market.quotes.hours[choice[which]] + today.choices.drive_h[which, choice[which]]
    np.testing.assert_allclose(orders.promised_s[rows] - orders.placed_s[rows], quoted_h * 3600)
    warehouse = orders.courier[rows] == 1
    assert (orders.origin[rows][warehouse] == market.world.city.warehouses[0].place).all()
    assert (orders.store[rows][warehouse] == -1).all()


def test_bills_are_what_the_terms_say_and_choices_are_worth_more_than_nothing(market: Market) -> None:
    today, orders = market.today, market.world.orders
    everyone = today.arrive(86_400.0)
    today.choose(everyone, market.quotes.hours)
    rows = today.place(everyone, market.quotes.hours)
    today.write_bills()
    rival = np.flatnonzero(orders.courier[rows] == 2)
    assert len(rival) > 5
    np.testing.assert_allclose(orders.fee_usd[rival], 3.99)
    np.testing.assert_allclose(orders.service_usd[rival], 0.10 * orders.basket_usd[rival])
    np.testing.assert_allclose(orders.markup_usd[rival], 0.12 * orders.basket_usd[rival])
    np.testing.assert_allclose(orders.commission_usd[rival], 0.20 * orders.basket_usd[rival])
    assert (orders.value_usd[rows] >= 0).all()
    first = int(orders.occasion[0])
    felt = today.occasions.utility[first] + today.occasions.noise[first]
    alpha = market.world.households.price_sensitivity[orders.household[0]]
    assert orders.value_usd[0] == pytest.approx((felt.max() - felt[-1]) / alpha)
