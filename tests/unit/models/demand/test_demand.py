"""The replayable shopper table: who comes, when, for what, and that a policy cannot change it."""

import numpy as np
import pytest

from galleria.agents.customers.choice import Nests
from galleria.models.demand.draw import (
    arrival_times,
    draw_households,
    draw_noise,
    draw_occasions,
    lognormal,
    mean_baskets,
    picking_times,
)
from galleria.models.streams import Streams
from tests.market_worlds import city_of, market_of, settings_of

SETTINGS = settings_of("city=toy")
CITY = city_of(SETTINGS.city)


def test_times_follow_the_cumulated_rate() -> None:
    """All weight on hour 2 and a third as much on hour 5: three in four come in hour 2, evenly."""
    weights = np.zeros(24)
    weights[2], weights[5] = 0.75, 0.25
    times = arrival_times(weights, np.array([0.875, 0.0, 0.375, 0.749999]))
    np.testing.assert_allclose(times / 3600, [2, 2.5, 3, 5.5], atol=1e-4)


def test_lognormals_have_the_mean_that_is_asked_for() -> None:
    normal = np.random.default_rng(1).standard_normal(200_000)
    drawn = lognormal(55.0, 0.6, normal)
    assert abs(drawn.mean() - 55) < 4 * drawn.std() / np.sqrt(len(drawn))
    picking = picking_times(SETTINGS.retailers.picking, normal)
    assert abs(picking.mean() - 480) < 4 * picking.std() / np.sqrt(len(drawn))
    assert picking.std() / picking.mean() == pytest.approx(0.5, abs=0.01)


def test_households_live_where_the_city_has_homes() -> None:
    people = draw_households(SETTINGS.customers, CITY, 5000, Streams(1, 0))
    count = np.bincount(people.home, minlength=CITY.places.n)
    assert (count[CITY.places.households == 0] == 0).all()
    assert count[:9].min() > 5000 / 9 - 4 * np.sqrt(5000 / 9)
    assert (people.zone == CITY.places.zone[people.home]).all()


def test_purposes_have_their_shares_baskets_and_values_of_time() -> None:
    """What is for today is worth 13.4 $ an hour, large baskets are not for the mall, the mean over all is kept."""
    market = market_of("city=toy", "city.households=20000", "customers.occasions_per_household_day=1.0")
    market.open_day(0)
    drawn = market.today.occasions
    n = len(drawn)
    np.testing.assert_array_equal(drawn.delay_usd_per_h, np.array([0.03, 2.0, 13.4])[drawn.purpose])
    shares = np.bincount(drawn.purpose) / n
    assert (np.abs(shares - [0.66, 0.20, 0.14]) < 4 * np.sqrt(0.25 / n)).all()
    np.testing.assert_array_equal(drawn.category == len(SETTINGS.retailers.categories), drawn.purpose == 1)
    means = mean_baskets(SETTINGS.customers)
    np.testing.assert_allclose(means, np.array([1, 2, 1]) * 55 / 1.2)
    for purpose, mean in enumerate(means.tolist()):
        basket = drawn.basket_usd[drawn.purpose == purpose]
        assert abs(basket.mean() - mean) < 4 * basket.std() / np.sqrt(len(basket))


def test_a_day_is_sorted_and_within_its_day() -> None:
    market = market_of("city=toy", "city.households=400")
    drawn = draw_occasions(
        SETTINGS.customers,
        SETTINGS.retailers,
        market.world.households,
        3,
        market.world.streams,
        market.world.channels.names,
        market.world.channels.nests,
    )
    assert (np.diff(drawn.arrive_s) >= 0).all()
    assert 3 * 86_400 <= drawn.arrive_s[0] < drawn.arrive_s[-1] < 4 * 86_400
    assert drawn.category.max() == len(SETTINGS.retailers.categories), "goods that malls do not have"
    assert (drawn.choice == -1).all()


def test_a_channels_noise_does_not_depend_on_which_others_there_are() -> None:
    """An entrant must not change anybody's taste for what was there before."""
    market = market_of("city=toy")
    names = market.world.channels.names
    few = draw_noise(50, 0, market.world.streams, (names[0], names[-1]), _tree((0, 1), 1.0))
    many = draw_noise(50, 0, market.world.streams, names, _tree(tuple(range(len(names))), 1.0))
    np.testing.assert_array_equal(few, many[:, [0, -1]])


def _tree(nest: tuple[int, ...], dissimilarity: float) -> Nests:
    return Nests(np.array(nest), np.full(max(nest) + 1, dissimilarity))
