"""From arrivals to orders and their bills."""

import numpy as np
import pytest

from galleria.agents.customers.utility import expected_surplus_usd
from galleria.models.market import Market
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


def test_lateness_is_counted_once() -> None:
    """Half an hour of remembered lateness is half an hour of quote: same choices, same surplus, same time expected.

    So whoever is delivered half an hour late, as remembered, has lost nothing beside what the choice had counted.
    """
    honest, late = market_of(*BUSY_TOY), market_of(*BUSY_TOY)
    late.world.memory.lateness_h[:, :4] = 0.5
    expected_s, surplus_usd = [], []
    for market, added_h in ((honest, 0.5), (late, 0.0)):
        market.open_day(0)
        today, quote_h = market.today, market.quotes.hours.copy()
        quote_h[:4] += added_h
        everyone = today.arrive(86_400.0)
        today.choose(everyone, quote_h)
        rows = today.place(everyone, quote_h)
        today.write_bills()
        expected_s.append(market.world.orders.expected_s[rows])
        alpha = market.world.households.price_sensitivity[today.occasions.household]
        surplus_usd.append(expected_surplus_usd(today.occasions.utility, market.world.channels.nests, alpha))
    np.testing.assert_array_equal(late.today.occasions.choice, honest.today.occasions.choice)
    np.testing.assert_allclose(surplus_usd[1], surplus_usd[0])
    np.testing.assert_allclose(expected_s[1], expected_s[0])
    gig = late.world.orders.courier[rows] != 1
    assert (expected_s[1] > late.world.orders.quoted_s[rows])[gig].all()
