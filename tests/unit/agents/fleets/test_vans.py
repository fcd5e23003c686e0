"""Tours by continuous approximation against the numbers of model 7.7."""

import numpy as np
import pytest

from galleria.agents.couriers.tour_plan import plan_tours
from galleria.agents.fleets.vans import VanFleet
from galleria.agents.kernel.order import Orders, Status
from tests.market_worlds import settings_of


def test_the_default_city_needs_the_kilometres_of_the_back_of_the_envelope() -> None:
    """3,900 stops on 400 km2, 12 km from the depot, 150 a route: 0.41 km each on average, 0.28 at the margin."""
    courier = settings_of("city=toy").couriers["warehouse"]
    assert courier.fulfilment == "van"
    plan = plan_tours(round(3900 * 1.5), 400.0, 12.0, courier.tours)
    assert plan.stops == pytest.approx(3900)
    assert plan.km / plan.stops == pytest.approx(0.41, abs=0.005)
    assert plan.marginal_km == pytest.approx(0.28, abs=0.005)
    assert plan.routes == 26
    hours = plan.km / 32 + 3900 * 2.5 / 60 + 26 * 0.5
    assert plan.hours == pytest.approx(hours)
    assert plan.cost_usd(courier.tours) == pytest.approx(35 * hours + 0.35 * plan.km)


def test_the_margin_is_the_slope_of_the_total() -> None:
    courier = settings_of("city=toy").couriers["warehouse"]
    assert courier.fulfilment == "van"
    for parcels in (60, 6000):
        more = plan_tours(parcels + 3, 400.0, 12.0, courier.tours)
        less = plan_tours(parcels - 3, 400.0, 12.0, courier.tours)
        slope = (more.km - less.km) / (more.stops - less.stops)
        assert plan_tours(parcels, 400.0, 12.0, courier.tours).marginal_km == pytest.approx(slope, rel=1e-3)


def test_a_few_parcels_need_a_whole_route_and_none_need_nothing() -> None:
    courier = settings_of("city=toy").couriers["warehouse"]
    assert courier.fulfilment == "van"
    few = plan_tours(3, 400.0, 12.0, courier.tours)
    assert few.routes == 1
    assert few.km > 24
    assert plan_tours(0, 400.0, 12.0, courier.tours).km == 0


def test_parcels_go_out_the_next_day_and_arrive_within_a_route() -> None:
    courier = settings_of("city=toy").couriers["warehouse"]
    assert courier.fulfilment == "van"
    orders = Orders(0)
    orders.append(4)
    orders.household[:4] = [30, 10, 20, 10]
    fleet = VanFleet(courier, orders, 400.0, 12.0)
    fleet.take(np.arange(4))
    assert fleet.requote(0.0) == 24
    cost = fleet.close_day(0)
    plan = fleet.tours[0]
    assert cost == pytest.approx(plan.cost_usd(courier.tours))
    leaves = 86_400 + 9 * 3600
    np.testing.assert_allclose(
        orders.delivered_s[:4] - leaves, np.array([0.875, 0.125, 0.625, 0.375]) * plan.hours * 3600
    )
    assert (orders.status[:4] == Status.DELIVERED).all()
    assert fleet.waiting == []
    assert fleet.close_day(1) == 0


def test_one_more_parcel_costs_the_slope_of_the_total_and_not_the_mean() -> None:
    courier = settings_of("city=toy").couriers["warehouse"]
    assert courier.fulfilment == "van"
    fleet = VanFleet(courier, Orders(0), 400.0, 12.0)
    less, more = (plan_tours(n, 400.0, 12.0, courier.tours).cost_usd(courier.tours) for n in (5900, 6100))
    assert fleet.marginal_usd(6000) == pytest.approx((more - less) / 200, rel=1e-3)
    assert fleet.marginal_usd(6000) < 0.95 * more / 6100
