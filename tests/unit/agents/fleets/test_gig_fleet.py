"""Quotes of a gig courier by hand; its dispatch is held to the slow model in tests/reference."""

from math import inf, sqrt

import numpy as np
import pytest

from galleria.agents.fleets.departures import Departure
from galleria.agents.fleets.gig import GigFleet
from galleria.models.market import Market
from tests.market_worlds import market_of


@pytest.fixture
def market() -> Market:
    return market_of("city=toy", "drivers.pool=10", "dispatch=lap")


def fleet_of(market: Market) -> GigFleet:
    fleet = market.world.couriers[0].fleet
    assert isinstance(fleet, GigFleet)
    return fleet


def test_the_first_quote_is_the_observed_preparation(market: Market) -> None:
    assert fleet_of(market).requote(0.0) == pytest.approx(35 / 60)


def test_a_quote_is_mean_and_safety_of_what_has_departed(market: Market) -> None:
    """The mean starts at 35 min less 0.84 x 10 min, so that the first quote is 35; weight 0.1 of each departure."""
    fleet = fleet_of(market)
    mean, sd = 35 - 0.84 * 10, 10.0
    market.world.orders.append(2)
    for left_s, took_s, row in ((100.0, 50 * 60.0, 0), (9999.0, 1.0, 1)):
        fleet.offering.departures.expect(Departure(left_s, took_s, 60.0, row))
    gap = 50 - mean
    expected = mean + 0.1 * gap + 0.84 * sqrt(0.9 * (sd**2 + 0.1 * gap**2))
    assert fleet.requote(100.0) == pytest.approx(expected / 60)
    assert fleet.requote(200.0) == pytest.approx(expected / 60)


def test_a_courier_refuses_when_the_next_order_would_wait_too_long(market: Market) -> None:
    """Three orders of half an hour each keep five drivers 18 min, six of them 15; the limit is 15 min."""
    fleet, orders = fleet_of(market), market.world.orders
    orders.append(3)
    orders.ready_s[:3] = orders.promised_s[:3] = 9e9
    fleet.take(np.arange(3))
    assert fleet.requote(0.0) == inf, "nobody is on line"
    working = np.flatnonzero(market.world.drivers.on(0))
    market.world.drivers.online[working[:5]] = True
    assert fleet.requote(0.0) < 1, "how long an order takes is not known yet"
    fleet.engagement.learn(1800.0)
    assert fleet.requote(0.0) == inf
    market.world.drivers.online[working[:6]] = True
    assert fleet.requote(0.0) < 1
    market.world.drivers.leaving[working[0]] = True
    assert fleet.requote(0.0) == inf, "who ends a shift takes no more orders"


def test_an_order_nobody_takes_is_cancelled_when_patience_ends(market: Market) -> None:
    fleet, orders = fleet_of(market), market.world.orders
    orders.append(1)
    orders.promised_s[0], orders.ready_s[0] = 5000, 4000
    fleet.take(np.arange(1))
    assert fleet.next_event_s(0.0) == 4000 - 300
    fleet.dispatch(8599.0)
    assert fleet.waiting.tolist() == [0]
    assert fleet.next_event_s(8599.0) == 8600
    fleet.dispatch(8600.0)
    assert fleet.pending == 0
    assert orders.closed == [0]
