"""What shoppers have before them: stores of the kind they want, within reach, while they are open."""

import numpy as np
import pytest

from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.market import Market
from tests.market_worlds import market_of

STOCK_UP = 1


@pytest.fixture(scope="module")
def market() -> Market:
    market = market_of(
        "city=grid",
        "city.nodes_per_side=11",
        "city.spacing_km=1.0",
        "city.households=300",
        "city.home_places=80",
        "couriers.mall_direct.service_radius_km=4.0",
        "customers.occasions_per_household_day=3.0",
    )
    market.open_day(0)
    return market


def test_mall_direct_delivers_from_a_joined_store_of_the_wanted_kind_within_its_radius(market: Market) -> None:
    occasions, choices, stores = market.today.occasions, market.today.choices, market.world.stores
    home = market.world.households.home[occasions.household]
    hour = occasions.arrive_s / 3600 % 24
    in_mall = occasions.purpose != STOCK_UP
    km = market.world.roads.km(market.world.shopping.nearest.mall_place[home], home)
    expected = (hour >= 10) & (hour < 20.5) & (km <= 4) & in_mall
    available = np.isfinite(choices.utility[:, 0])
    np.testing.assert_array_equal(available, expected)
    store = choices.store[available, 0]
    assert stores.listed[store, 0].all()
    assert (stores.category[store] == occasions.category[available]).all()
    assert (choices.store[~available, 0] == -1).all()


def test_rivals_take_a_quarter_from_the_mall_and_the_rest_from_the_big_box(market: Market) -> None:
    occasions, choices, stores = market.today.occasions, market.today.choices, market.world.stores
    hour = occasions.arrive_s / 3600 % 24
    both_open = (hour >= 10) & (hour < 20.5) & (occasions.purpose != STOCK_UP)
    from_box = stores.mall[choices.store[:, 2]] == BIG_BOX
    np.testing.assert_array_equal(from_box[both_open], occasions.source_pick[both_open] >= 0.25)
    only_box = (hour >= 7) & (hour < 10)
    stock_up = (hour >= 7) & (hour < 20.5) & (occasions.purpose == STOCK_UP)
    assert stock_up.sum() > 20
    assert from_box[stock_up].all()
    assert from_box[only_box].all()
    assert (choices.store[hour < 7, 2] == -1).all()


def test_the_warehouse_and_not_buying_are_always_there(market: Market) -> None:
    assert np.isfinite(market.today.choices.utility[:, [1, -1]]).all()
    occasions = market.today.occasions
    need = np.array([0.0, 0.3, 1.0])[occasions.purpose] * occasions.basket_usd
    alpha = market.world.households.price_sensitivity[occasions.household]
    np.testing.assert_allclose(market.today.choices.utility[:, -1], -alpha * need, atol=1e-12)


def test_goods_for_the_household_are_not_to_be_had_in_the_mall(market: Market) -> None:
    occasions, to_mall = market.today.occasions, np.isfinite(market.today.choices.utility[:, 4])
    hour = occasions.arrive_s / 3600 % 24
    np.testing.assert_array_equal(to_mall, (hour >= 10) & (hour < 21) & (occasions.purpose != STOCK_UP))


def test_a_trip_costs_the_hours_by_purpose_and_a_large_basket_more_of_them(market: Market) -> None:
    """One trip to the big box for today, written out: 13.4 $ an hour for the delay, and all of the travel time."""
    occasions, world = market.today.occasions, market.world
    row = int(np.flatnonzero((occasions.purpose == 2) & (occasions.arrive_s > 12 * 3600))[0])
    person = occasions.household[row]
    alpha, travel = world.households.price_sensitivity[person], world.households.travel_usd_per_h[person]
    home = world.households.home[[person]]
    place = world.stores.place[world.shopping.nearest.big_box[None][home]]
    drive_h = world.roads.drive_s(home, place, occasions.arrive_s[[row]])[0] / 3600
    away_h = 2 * drive_h + 0.5 * occasions.basket_usd[row] / 55
    money = 0.5 * np.log(2) - 0.155 * 2 * world.roads.km(home, place)[0] - (travel + 13.4) * away_h
    expected = world.channels.constants[5] + alpha * money
    assert market.today.choices.utility[row, 5] == pytest.approx(expected)


def test_a_utility_is_the_sum_of_its_parts(market: Market) -> None:
    """One rival order from the big box, written out."""
    occasions, choices = market.today.occasions, market.today.choices
    row = int(np.flatnonzero((choices.store[:, 2] >= 40) & (occasions.arrive_s > 12 * 3600))[0])
    person = occasions.household[row]
    alpha, delay = market.world.households.price_sensitivity[person], occasions.delay_usd_per_h[row]
    basket, home = occasions.basket_usd[row], market.world.households.home[person]
    listed_in_mall = 20 if 10 <= occasions.arrive_s[row] / 3600 < 20.5 else 0
    money = 0.5 * np.log(1 + listed_in_mall + 1) - 3.99 - 3.0 - 0.22 * basket
    assert choices.utility[row, 2] == pytest.approx(market.world.channels.constants[2] + alpha * money)
    drive_s = market.world.roads.drive_s(
        market.world.stores.place[choices.store[[row], 2]], np.array([home]), occasions.arrive_s[[row]]
    )[0]
    quotes = np.full(len(market.world.channels.names), 0.5)
    quoted = choices.quoted(slice(row, row + 1), quotes, 48.0)[0, 2]
    assert quoted == pytest.approx(choices.utility[row, 2] - alpha * delay * (0.5 + drive_s / 3600 + 4 / 60))


def test_a_quote_beyond_the_cap_or_none_at_all_is_no_service(market: Market) -> None:
    quotes = np.array([np.inf, 48.01, 48.0, 0.0, 0.0, 0.0, 0.0])
    quoted = market.today.choices.quoted(slice(None), quotes, 48.0)
    assert np.isneginf(quoted[:, :3]).all()
    assert not np.isnan(quoted).any()
    assert np.isfinite(quoted[:, -1]).all()


def test_a_courier_is_used_for_the_purposes_it_serves() -> None:
    """Who serves only stocking up is there for nothing else; who serves all is where it was."""
    market = market_of("city=toy", "city.households=400", "couriers.rival_a.serves=[stock_up]")
    market.open_day(0)
    utility, purpose = market.today.choices.utility, market.today.occasions.purpose
    assert np.isfinite(utility[purpose == STOCK_UP, 2]).any()
    assert not np.isfinite(utility[purpose != STOCK_UP, 2]).any()
    np.testing.assert_array_equal(np.isfinite(utility[:, 2]), np.isfinite(utility[:, 3]) & (purpose == STOCK_UP))


def test_raising_opt_in_keeps_those_who_joined() -> None:
    listed = []
    for share in (0.2, 0.5, 0.8):
        market = market_of("city=toy", f"retailers.opt_in.share={share}")
        market.open_day(0)
        listed.append(market.world.stores.listed[:40, 0])
    assert [int(each.sum()) for each in listed] == [8, 20, 32]
    assert (listed[0] <= listed[1]).all()
    assert (listed[1] <= listed[2]).all()


def test_a_tip_is_a_price() -> None:
    """A dollar more of tip costs a rival's customers what a dollar more of fee does, and is not free welfare."""
    shared = ("city=toy", "customers.occasions_per_household_day=3.0")
    dearer = [market_of(*shared, f"couriers.rival_a.{price}") for price in ("tip_usd=4.0", "fee_usd=4.99")]
    base = market_of(*shared)
    for each in (base, *dearer):
        each.open_day(0)
    utility = [each.today.choices.utility[:, 2] for each in (base, *dearer)]
    open_to = np.isfinite(utility[0])
    assert open_to.any()
    alpha = base.world.households.price_sensitivity[base.today.occasions.household]
    np.testing.assert_allclose(utility[0][open_to] - utility[1][open_to], alpha[open_to])
    np.testing.assert_allclose(utility[1][open_to], utility[2][open_to])
