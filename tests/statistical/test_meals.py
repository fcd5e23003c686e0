"""Meals in the default town: how much of gig work mall-direct is, and how one meal looks beside the public record.

Restaurants are chosen so near that the way to the door is about 3 km, as the record suggests; all else comes out: pay,
tips and the number of meals are from their sources (conf/meals). The record: New York's couriers delivered 1.42 orders
an hour on line and took 20.8 min an order, before its rule; drivers drove 5 to 8 km an order, .4 to .5 of it empty.
"""

import pytest

from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from tests.market_worlds import run_of


@pytest.fixture(scope="module")
def town() -> tuple[Market, Outcome]:
    return run_of("meals=us_2024", "run.days=3", "run.warmup_days=2")


def test_mall_direct_is_a_few_per_cent_of_gig_work(town: tuple[Market, Outcome]) -> None:
    value = town[1].metrics.set_index("metric")["value"]
    assert 0.02 < value["mall_direct_share_of_gig_orders"] < 0.08
    assert value["meals_refused"] < 0.02 * value["meals_ordered"]


def test_a_meal_is_one_of_the_public_record(town: tuple[Market, Outcome]) -> None:
    """Within a quarter of the record for times, and inside its ranges for ways."""
    _, outcome = town
    value = outcome.metrics.set_index("metric")["value"]
    meals = outcome.tables["meals"].query("status == 'delivered'")
    assert (meals.delivered_s - meals.accepted_s).mean() / 60 == pytest.approx(20.8, rel=0.25)
    assert value["orders_per_online_h"] == pytest.approx(1.42, rel=0.25)
    km = (meals.pickup_km + meals.loaded_km).mean()
    assert 5 < km < 8
    assert 0.4 < meals.pickup_km.sum() / (km * len(meals)) < 0.5
