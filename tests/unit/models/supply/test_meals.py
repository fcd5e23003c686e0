"""Restaurant meals: the same occasions in all design points, carried by the same drivers, none where there are none."""

import numpy as np
import pandas as pd
import pytest

from galleria.agents.kernel.order import MEALS, Status
from galleria.models.demand.expected import Way, Work, expected_orders, expected_rates
from galleria.models.demand.meals import FURTHER, asked, draw_meals, expected_meals, open_restaurants
from galleria.models.errors import UsageError
from galleria.models.opening.meals import meal_work
from galleria.models.simulate import open_market
from galleria.models.streams import Stream, Streams
from tests.market_worlds import BUSY_TOY, city_of, market_of, run_of, settings_of

MANY = (*BUSY_TOY, "meals=us_2024", "meals.orders_per_household_day=0.5", "run.days=2")
WORLD = (*MANY, "drivers.pool=60")
"""Two hundred meals a day beside four hundred occasions to shop."""
DRAWN = ("placed_s", "origin", "destination", "store", "basket_usd", "tip_usd")


def meals_of(*overrides: str) -> pd.DataFrame:
    return run_of(*WORLD, *overrides)[1].tables["meals"]


def test_every_meal_ends_and_is_paid_for() -> None:
    """Money of meals goes through the ledger: what customers, drivers and restaurants move adds up to zero."""
    market, outcome = run_of(*WORLD)
    ledger, meals, value = market.world.ledger, outcome.tables["meals"], outcome.metrics.set_index("metric")["value"]
    assert ledger.is_balanced
    delivered = meals[meals.status == "delivered"]
    assert len(delivered) > 300
    assert not (meals.status == "open").any()
    terms = market.settings.meals
    assert terms is not None
    sales_usd = (delivered.basket_usd * (1 + terms.markup)).sum()
    kept_usd = sales_usd - delivered.basket_usd.sum() * (1 - terms.restaurant_margin + terms.commission)
    assert ledger.total_usd("restaurants") == pytest.approx(kept_usd, abs=0.1)
    assert value["restaurant_profit_usd"] * 2 == pytest.approx(ledger.total_usd("restaurants"))
    carried = outcome.tables["orders"].query("status == 'delivered' and driver >= 0")
    both = pd.concat([carried, delivered])
    assert ledger.posted_usd("tip") == pytest.approx(both.tip_usd.sum(), abs=0.05)
    assert ledger.posted_usd("pay") == pytest.approx(both.pay_usd.sum(), abs=0.05)


def test_drivers_do_both() -> None:
    """The drivers of an app carry its meals and its other orders, never two trips at once."""
    market, outcome = run_of(*WORLD)
    tables = outcome.tables
    assert set(tables["meals"].courier) == {"rival_a", "rival_b"}
    both = pd.concat([tables["orders"].assign(meal=False), tables["meals"].assign(meal=True)])
    both = both[(both.driver >= 0) & (both.status == "delivered")]
    assert (both.groupby("driver").meal.nunique() == 2).any()
    whole = market.world.drivers.orders.sum()
    assert whole == len(both)
    apps = market.world.drivers.apps[both.driver.to_numpy(np.int64)]
    number = both.courier.map(market.world.channels.names.index).to_numpy(np.int64)
    assert (apps >> number & 1).all()
    trips = both.assign(trip=both.trip + both.meal * MEALS).groupby(["driver", "trip"])
    spans = trips.agg(start=("accepted_s", "min"), end=("delivered_s", "max")).reset_index().sort_values("start")
    gap = spans.groupby("driver").start.shift(-1) - spans.end
    assert gap.min() >= 0


def test_all_design_points_meet_the_same_meals_while_prices_and_waits_are_as_usual() -> None:
    base = meals_of()
    for arm in (("policy=min_pay_nyc",), ("drivers.pool=20",), ("customers.occasions_per_household_day=2.0",)):
        pd.testing.assert_frame_equal(meals_of(*arm)[list(DRAWN)], base[list(DRAWN)])


def test_with_too_few_drivers_meals_are_refused_and_nothing_of_them_is_paid() -> None:
    few, many = meals_of("drivers.pool=4"), meals_of("drivers.pool=200")
    refused = few[few.status == "refused"]
    assert len(refused) > 5 * (many.status == "refused").sum()
    assert len(refused) > 20
    assert (refused.driver == -1).all()
    assert refused.quoted_s.isna().all()


def test_meals_leave_the_people_of_the_town_as_they_are() -> None:
    with_meals, without = market_of(*WORLD), market_of(*BUSY_TOY)
    np.testing.assert_array_equal(with_meals.world.drivers.home, without.world.drivers.home)
    np.testing.assert_array_equal(with_meals.world.drivers.apps, without.world.drivers.apps)
    np.testing.assert_array_equal(with_meals.world.stores.priority, without.world.stores.priority)
    assert len(without.world.meals.orders) == 0


def test_markets_without_meals_have_no_table_and_no_measure_of_them() -> None:
    _, outcome = run_of(*BUSY_TOY, "run.days=1", "run.record=true")
    assert not {"meals", "meal_events"} & set(outcome.tables)
    assert not outcome.metrics.metric.str.contains("meal|gig_orders|restaurant").any()


def test_none_ordered_changes_nothing() -> None:
    """Restaurants to whom nobody turns: all else is what it is without them."""
    none = run_of(*BUSY_TOY, "run.days=2")[1]
    nobody = run_of(*WORLD, "meals.orders_per_household_day=0")[1]
    for name, table in none.tables.items():
        pd.testing.assert_frame_equal(nobody.tables[name], table)
    kept = nobody.metrics[nobody.metrics.metric.isin(none.metrics.metric)].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, none.metrics)


def test_restaurants_stand_where_people_live_and_near_ones_are_chosen_more() -> None:
    settings = settings_of("meals=us_2024", "city=toy", "meals.restaurants_per_1000_households=100")
    city, terms = city_of(settings.city), settings.meals
    assert terms is not None
    restaurants = open_restaurants(terms, city, Streams(1, 0))
    assert (city.places.households[restaurants.place] > 0).all()
    km = city.distance.at(restaurants.place, np.arange(city.places.n)[:, None])
    worth = np.exp(-km / terms.decay_km) * (km <= terms.radius_km)
    expected = worth / worth.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(restaurants.chances, expected, atol=1e-6)
    busy = terms.model_copy(update={"orders_per_household_day": 100.0})
    table = draw_meals(busy, restaurants, city, 3, Streams(1, 0))
    further, usual = int((table.number >= FURTHER).sum()), int((table.number < FURTHER).sum())
    assert further / usual == pytest.approx(terms.choice.further, rel=0.05)
    assert table.ordered(np.ones(len(table.number)), terms.choice.further).sum() == usual
    fewer, more = (table.ordered(np.full(len(table.number), ratio), terms.choice.further) for ratio in (0.8, 1.5))
    assert fewer.sum() / usual == pytest.approx(0.8, rel=0.05)
    assert more.sum() / usual == pytest.approx(1.5, rel=0.05)
    assert (fewer <= more).all()
    assert (np.diff(table.placed_s) >= 0).all()
    assert (table.placed_s // 86_400 == 3).all()
    way_km = city.distance.at(restaurants.place[table.restaurant], table.home)
    error_km = way_km.std() / np.sqrt(len(way_km))
    assert abs(way_km.mean() - restaurants.km) < 4 * error_km
    assert abs(table.basket_usd.mean() - terms.basket.mean_usd) < 4 * table.basket_usd.std() / np.sqrt(len(way_km))


def test_couriers_in_the_market_are_asked_by_their_weights() -> None:
    uniform = (np.arange(1000) + 0.5) / 1000
    weights = np.array([0.0, 1.0, 3.0])
    everywhere = np.tile(weights, (1000, 1))
    assert np.bincount(asked(everywhere, uniform), minlength=3).tolist() == [0, 250, 750]
    assert (asked(everywhere * [1, 1, 0], uniform) == 1).all()
    assert (asked(everywhere * [1, 0, 0], uniform) == -1).all()


def test_drivers_expect_meals_beside_the_other_orders() -> None:
    """Twice the work at the same pay and on the same way is worth as much an hour as half of the drivers' pool."""
    settings = settings_of(*WORLD)
    orders, way = expected_orders(settings, 400.0), Way(4.0, 0.1)
    gig = [k for k, each in enumerate(settings.couriers.values()) if each.fulfilment == "gig"]
    same = np.zeros_like(orders)
    same[gig[0]] = orders[gig].sum(axis=0)
    first = next(each for each in settings.couriers.values() if each.fulfilment == "gig")
    paid_usd = first.trip_pay.base_usd + first.tip_of_order_usd
    half = settings.model_copy(update={"drivers": settings.drivers.model_copy(update={"pool": 30})})
    both = expected_rates(settings, same, way, Work(same.sum(axis=0), paid_usd, way))
    np.testing.assert_allclose(both, expected_rates(half, same, way), rtol=1e-6)
    active = np.array([True] * len(settings.couriers))
    meals = expected_meals(settings, 400.0, active)
    assert meals.sum() == pytest.approx(200.0)
    restaurants = market_of(*WORLD).world.meals.restaurants
    np.testing.assert_allclose(meal_work(settings, restaurants, 400.0, active.tolist()).orders, meals.sum(axis=0))
    expected = expected_rates(settings, orders, way, meal_work(settings, restaurants, 400.0, active.tolist()))
    assert (expected > expected_rates(settings, orders, way)).all()


def test_a_market_opens_at_rest_with_its_meals() -> None:
    """Beliefs of the first day are what meals and the other orders pay on it, within what a day's luck allows."""
    settings = settings_of(*WORLD, "city.households=3000", "drivers.pool=200", "run.days=1", "meals.decay_km=0.5")
    market = open_market(settings, city_of(settings.city), 0)
    believed = market.world.drivers.belief_usd_per_h.copy()
    market.run()
    drivers = market.world.drivers
    hours = drivers.online_s_by_hour.sum(axis=0) / 3600
    busy = hours > 10
    assert busy.sum() > 6
    seen = (drivers.net_usd_by_hour.sum(axis=0) / np.maximum(hours, 1.0))[busy]
    assert np.average(seen / believed.mean(axis=0)[busy], weights=hours[busy]) == pytest.approx(1.0, abs=0.15)


def test_floors_on_hours_and_log_in_caps_count_meals() -> None:
    """Time on trips with meals is paid at least the floor too, and places on line are for meals as well."""
    floor = run_of(*WORLD, "policy=min_pay_nyc_hourly")[0]
    drivers, ledger = floor.world.drivers, floor.world.ledger
    policy = floor.settings.policy["min_pay_nyc_hourly"]
    paid_usd = ledger.posted_usd("pay") + ledger.posted_usd("top-up")
    assert paid_usd / (drivers.online_s.sum() / 3600) >= policy.usd_per_h * 0.99  # type: ignore[attr-defined]
    capped = market_of(*WORLD, "policy=log_in_cap")
    alone = market_of(*BUSY_TOY, "policy=log_in_cap")
    assert capped._enforcement.meal_forecast.need.sum() > 0
    assert alone._enforcement.meal_forecast.need.sum() == 0
    np.testing.assert_array_equal(capped._enforcement.forecast.need, alone._enforcement.forecast.need)
    capped.run()
    number = capped.world.channels.number("rival_a")
    assert capped._enforcement.meal_forecast.orders[number].sum() == pytest.approx(100.0, rel=0.2)


def test_a_courier_that_is_not_there_carries_no_meals() -> None:
    meals = meals_of("market=entrant", "strategy.entry.rival_c.day=1")
    assert "rival_c" not in set(meals.courier[meals.day == 0])
    assert "rival_c" in set(meals.courier[meals.day == 1])
    pd.testing.assert_frame_equal(meals[list(DRAWN)], meals_of()[list(DRAWN)])


def test_who_carries_meals_if_nobody_is_named() -> None:
    """On-demand couriers of any store: not mall-direct, not a chain's own, nobody hired by the hour."""
    settings = settings_of("market=full", "meals=us_2024")
    assert settings.meals is not None
    assert {name for name, weight in settings.meals.weights(settings.couriers).items() if weight} == {
        "instacart",
        "doordash",
    }


def test_merged_couriers_carry_meals_with_one_fleet() -> None:
    market, _ = run_of(*WORLD, "market=merger")
    assert len(market.world.meals.dispatchers) < len(market.world.meals.fleets)


def test_idle_drivers_go_where_meals_are() -> None:
    market, _ = run_of(*WORLD, "drivers.relocation.theta_per_usd=0.5")
    world, relocation = market.world, market._relocation
    assert relocation is not None
    zone = world.city.places.zone
    goals, stores, restaurants = (
        set(zone[place].tolist()) for place in (relocation.goal, world.stores.place, world.meals.restaurants.place)
    )
    assert goals == stores | restaurants
    assert goals > stores
    only_meals = sorted(restaurants - stores)
    assert (relocation.rates.paid_usd[only_meals] > 0).any()


def test_measured_days_leave_the_meals_of_earlier_ones_out() -> None:
    market, outcome = run_of(*WORLD, "run.warmup_days=1")
    value, meals = outcome.metrics.set_index("metric")["value"], outcome.tables["meals"]
    later = meals[meals.day == 1]
    assert value["meals_ordered"] == len(later)
    assert value["meals_delivered"] == (later.status == "delivered").sum()
    since = market.evidence()
    assert since.drivers.orders.sum() == since.by_gig_drivers
    orders = outcome.tables["orders"].query("day == 1 and status == 'delivered' and driver >= 0")
    both = pd.concat([orders, later[later.status == "delivered"]])
    assert value["pay_usd_per_order"] == pytest.approx(both.pay_usd.mean(), abs=1e-3)
    assert value["orders_per_online_h"] == pytest.approx(len(both) / (value["drivers_online_mean"] * 24))
    assert since.ledger.is_balanced


def test_a_recorded_run_tells_of_meals_and_is_the_same_run() -> None:
    _, outcome = run_of(*WORLD, "run.record=true", "drivers.pool=8")
    events, meals = outcome.tables["meal_events"], outcome.tables["meals"]
    pd.testing.assert_frame_equal(meals, meals_of("drivers.pool=8"))
    count = events.event.value_counts()
    assert count["placed"] == len(meals)
    assert count["delivered"] == (meals.status == "delivered").sum()
    assert count["cancelled"] == meals.status.isin(["cancelled", "refused"]).sum()
    assert count["offered"] >= count["accepted"] >= count["delivered"]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (("meals.couriers={warehouse: 1}",), "meals.couriers.warehouse: there is no courier of that name with gig"),
        (("meals.couriers={mall_direct: 0}",), "meals: no courier with gig drivers carries them"),
        (
            ("couriers.rival_a.contract.kind=hourly", "meals.couriers={rival_a: 1}"),
            "drivers are hired for the courier's other orders alone",
        ),
        (("strategy=pay",), "meals with strategy.pay: couriers would set base pay"),
    ],
)
def test_what_meals_do_not_go_with_is_refused_by_name(overrides: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        settings_of(*WORLD, *overrides)


def test_streams_of_meals_are_their_own() -> None:
    assert len({each.value for each in Stream}) == len(Stream)
    assert {each.name for each in Status} == {"OPEN", "DELIVERED", "CANCELLED", "REFUSED"}
