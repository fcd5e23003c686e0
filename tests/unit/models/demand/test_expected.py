"""What couriers and drivers expect before a day was seen."""

import numpy as np
import pytest
from scipy.stats import norm

from galleria.models.demand.expected import expected_orders, expected_rates, mean_way, open_share
from tests.market_worlds import city_of, market_of, settings_of

TOWN = ("city=grid", "city.nodes_per_side=21", "city.spacing_km=1.0", "city.households=60000")


def test_couriers_take_orders_while_stores_do() -> None:
    """Malls from 10 to 21, big boxes from 7 to 23 h, each until 30 min before closing; vans day and night."""
    settings = settings_of("city=toy", "couriers.rival_b.mall_pickup_share=0")
    share = {name: open_share(each, settings) for name, each in settings.couriers.items()}
    assert share["mall_direct"].sum() == 10.5
    assert share["rival_b"].tolist() == [0] * 7 + [1] * 15 + [0.5, 0]
    assert (share["warehouse"] == 1).all()


def test_orders_are_the_observed_shares_of_the_active_couriers() -> None:
    """60,000 households, 0.25 occasions: of 15,000 mall-direct is expected to have 2 % and rival A 4 %."""
    settings = settings_of(*TOWN)
    orders = expected_orders(settings, 60_000, [True, True, False, True])
    assert orders.sum(axis=1).tolist() == pytest.approx([300, 3900, 0, 300])
    weights = np.array(settings.customers.hour_weights)
    np.testing.assert_allclose(orders[1], 3900 * weights / weights.sum())
    assert not orders[3, :7].any()


def test_a_courier_like_another_expects_its_orders() -> None:
    settings = settings_of("city=toy", "market=rivals_6")
    orders = expected_orders(settings, 1000, [True] * len(settings.couriers))
    like = {name: each.constant_of for name, each in settings.couriers.items() if each.constant_of}
    names = list(settings.couriers)
    assert like
    for name, of in like.items():
        assert orders[names.index(name)].sum() == pytest.approx(orders[names.index(of)].sum())


def test_the_labour_market_clears_in_every_hour_with_orders() -> None:
    """In each hour w N(w) = Q e, unless even the highest possible rate draws too few (model 10.4 M3)."""
    settings = settings_of(*TOWN)
    city = city_of(settings.city)
    market = market_of(*TOWN)
    way = mean_way(city, market.world.shopping.nearest)
    orders = expected_orders(settings, 60_000, [True] * 4)
    rates = expected_rates(settings, orders, way)
    weight = city.places.households / city.places.households.sum()
    km = float(city.distance.at(market.world.shopping.nearest.mall_place, np.arange(city.places.n)) @ weight)
    assert way.km == pytest.approx(km)
    income = orders[0] * 11.0 + orders[2] * 12.5 + orders[3] * 12.5 - orders[[0, 2, 3]].sum(axis=0) * 2 * km * 0.19
    working = 250 * norm.cdf(np.log(np.maximum(rates, 1e-9) / 18) / np.hypot(0.4, 0.2))
    highest = (income / np.maximum(orders[[0, 2, 3]].sum(axis=0), 1e-9)) / (2 * way.hours + (6 + 4) / 60)
    below = (rates < highest - 1e-9) & (rates > 0)
    bound = (rates > 0) & ~below
    assert below.sum() >= 5
    assert bound.any()
    np.testing.assert_allclose(rates[bound], highest[bound], rtol=1e-9)
    np.testing.assert_allclose((rates * working)[below], income[below], rtol=1e-6)
    assert (rates[orders[[0, 2, 3]].sum(axis=0) == 0] == 0).all()
    np.testing.assert_array_equal(market.world.drivers.belief_usd_per_h[0], rates)
