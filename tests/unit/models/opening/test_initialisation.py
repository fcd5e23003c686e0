"""Stores, pools and first beliefs; larger pools keep the people of smaller ones."""

import numpy as np
import pytest

from galleria.agents.retailers.retailer import BIG_BOX
from tests.market_worlds import market_of


def test_stores_fill_the_malls_in_the_proportions_of_the_categories() -> None:
    market = market_of("city=toy")
    stores = market.world.stores
    in_mall = stores.mall != BIG_BOX
    assert in_mall.sum() == 40
    assert np.bincount(stores.category[in_mall]).tolist() == [14, 6, 5, 5, 5, 5]
    assert set(stores.margin[in_mall].tolist()) == {0.45}
    assert set(stores.margin[~in_mall].tolist()) == {0.30}
    assert (stores.place[in_mall] == market.world.city.malls[0].place).all()


def test_categories_join_in_proportion_unless_by_lot() -> None:
    covered = {}
    for order in ("by_category", "by_lot"):
        market = market_of("city=toy", "retailers.opt_in.share=0.2", f"retailers.join_order={order}")
        stores = market.world.stores
        joined = stores.listed[:, market.world.channels.number("mall_direct")] & (stores.mall != BIG_BOX)
        covered[order] = np.bincount(stores.category[joined], minlength=6)
        assert covered[order].sum() == 8
    assert covered["by_category"].tolist() == [3, 1, 1, 1, 1, 1]
    assert covered["by_lot"].tolist() != covered["by_category"].tolist()


def test_each_place_knows_its_nearest_stores() -> None:
    market = market_of("city=grid", "city.nodes_per_side=9", "city.spacing_km=1.0", "city.home_places=40")
    nearest, city, stores = market.world.shopping.nearest, market.world.city, market.world.stores
    boxes = np.flatnonzero(stores.mall == BIG_BOX)
    for place in range(0, city.places.n, 7):
        time = [float(city.time.at(place, stores.place[box])) for box in boxes]
        assert time[boxes.tolist().index(nearest.big_box[None][place])] == min(time)


def test_a_larger_pool_keeps_the_people_of_the_smaller() -> None:
    small, large = (
        market_of("city=toy", "drivers.pool=30").world.drivers,
        market_of("city=toy", "drivers.pool=80").world.drivers,
    )
    for name in ("home", "apps", "reservation_usd_per_h", "hourly_taste", "offset_s"):
        np.testing.assert_array_equal(getattr(small, name), getattr(large, name)[:30])


def test_the_pool_is_as_the_settings_say() -> None:
    drivers = market_of("city=toy", "drivers.pool=20000").world.drivers
    log_wage = np.log(drivers.reservation_usd_per_h / 18)
    assert abs(log_wage.mean()) < 4 * 0.4 / np.sqrt(20_000)
    assert log_wage.std() == pytest.approx(0.4, abs=4 * 0.4 / np.sqrt(40_000))
    homing = np.mean(drivers.apps == 0b1101)
    assert abs(homing - 0.6) < 4 * np.sqrt(0.24 / 20_000)
    for courier in (0, 2, 3):
        assert abs(np.mean(drivers.apps == 1 << courier) - 0.4 / 3) < 4 * np.sqrt(0.12 / 20_000)


def test_nobody_works_for_a_courier_that_is_not_there() -> None:
    base = market_of("city=toy", "drivers.pool=500").world.drivers
    without = market_of("city=toy", "drivers.pool=500", "couriers.rival_a.active=false").world.drivers
    assert not without.on(2).any()
    assert (without.apps > 0).all()
    others = (base.apps == 0b0001) | (base.apps == 0b1000)
    np.testing.assert_array_equal(base.apps[others], without.apps[others])
