"""Caps on independents alone, and couriers that show less whom a cap binds: through the whole market."""

import numpy as np
import pandas as pd
import pytest

from galleria.models.market import Market
from tests.market_worlds import BUSY_TOY, market_of, run_of

TOWN = (
    *BUSY_TOY,
    "customers.calibration.sample=2000",
    "run.days=4",
    "retailers.mall.independent_share=0.5",
    *(f"couriers.rival_{k}.mall_pickup_share=0.8" for k in "ab"),
    *(f"couriers.rival_{k}.listed_share=1.0" for k in "ab"),
    (
        "customers.observed_share={mall_direct: 0.1, warehouse: 0.1, rival_a: 0.2, rival_b: 0.2, store_mall: 0.1, "
        "store_big_box: 0.1, none: 0.2}"
    ),
    "retailers.price_pass_through=0.0",
)
CAP = ("policy.commission_cap.cap=0.05", "policy.commission_cap.stores=independent")
CAPPED = ("policy=commission_cap", *CAP)
DEMOTED = ("policy=[commission_cap,demote_capped]", *CAP)


def sold(market: Market) -> pd.DataFrame:
    """Return gig orders of mall stores with what was taken of them, and whether the store belongs to no chain."""
    orders, stores = market.world.orders, market.world.stores
    gig = np.isin(orders.courier[: orders.count], market.world.channels.gig)
    rows = np.flatnonzero(gig & (orders.store[: orders.count] >= 0))
    rows = rows[stores.mall[orders.store[rows]] >= 0]
    rate = orders.commission_usd[rows] / orders.basket_usd[rows]
    names = np.array(market.world.channels.names)[orders.courier[rows]]
    return pd.DataFrame(
        {
            "courier": names,
            "independent": stores.independent[orders.store[rows]],
            "rate": rate,
            "markup": orders.markup_usd[rows] / orders.basket_usd[rows],
        }
    )


def value_of(*overrides: str) -> dict[str, float]:
    metrics = run_of(*TOWN, *overrides)[1].metrics
    return dict(zip(metrics["metric"], metrics["value"], strict=True))


def test_half_of_the_mall_stores_and_no_big_box_belong_to_no_chain() -> None:
    stores = market_of(*TOWN).world.stores
    in_mall = stores.mall >= 0
    assert not stores.independent[~in_mall].any()
    assert 0.3 < stores.independent[in_mall].mean() < 0.7
    assert not market_of(*BUSY_TOY, "retailers.mall.independent_share=0").world.stores.independent.any()


def test_a_cap_on_independents_leaves_chains_at_what_they_paid() -> None:
    orders = sold(run_of(*TOWN, *CAPPED)[0])
    asked = {"mall_direct": 0.15, "rival_a": 0.20, "rival_b": 0.20}
    expected = np.where(orders["independent"], 0.05, orders["courier"].map(asked))
    np.testing.assert_allclose(orders["rate"], expected)
    assert set(orders["independent"]) == {True, False}


def test_prices_on_apps_follow_where_the_cap_binds_only() -> None:
    orders = sold(run_of(*TOWN, *CAPPED, "retailers.price_pass_through=0.5")[0])
    orders = orders[orders["courier"] == "rival_a"]
    np.testing.assert_allclose(orders["markup"], np.where(orders["independent"], 0.12 - 0.5 * 0.15, 0.12))


def test_who_is_independent_does_not_matter_where_nothing_tells_them_apart() -> None:
    for policy in ("policy=none", "policy=commission_cap"):
        _, few = run_of(*TOWN, policy, "retailers.mall.independent_share=0.1")
        _, many = run_of(*TOWN, policy, "retailers.mall.independent_share=0.9")
        kinds = few.metrics["metric"].str.contains("independents|chains")
        pd.testing.assert_frame_equal(few.metrics[~kinds], many.metrics[~kinds], check_exact=True)


def test_demotion_of_nobody_is_none_to_the_bit() -> None:
    """No cap, a cap on all alike, a cap that binds nobody."""
    for alone, beside in (
        (("policy=none",), ("policy=demote_capped",)),
        (("policy=commission_cap",), ("policy=[commission_cap,demote_capped]",)),
        ((*CAPPED, "policy.commission_cap.cap=0.9"), (*DEMOTED, "policy.commission_cap.cap=0.9")),
    ):
        first, second = run_of(*TOWN, *alone)[1], run_of(*TOWN, *beside)[1]
        pd.testing.assert_frame_equal(first.metrics, second.metrics, check_exact=True)


def test_capped_independents_lose_orders_to_chains_where_couriers_demote_them() -> None:
    """The signs of Li and Wang (2024); without demotion the cap alone moves no order where prices stay."""
    before, capped, demoted = value_of(), value_of(*CAPPED), value_of(*DEMOTED, "policy.demote_capped.weight=0.3")
    assert capped["orders_gig_of_independents"] == before["orders_gig_of_independents"]
    assert demoted["orders_gig_of_independents"] < 0.8 * before["orders_gig_of_independents"]
    assert demoted["orders_gig_of_chains"] > before["orders_gig_of_chains"]
    assert capped["retailer_profit_of_independents_usd"] > before["retailer_profit_of_independents_usd"]
    assert demoted["retailer_profit_of_independents_usd"] < capped["retailer_profit_of_independents_usd"]
    assert demoted["retailer_profit_of_chains_usd"] > before["retailer_profit_of_chains_usd"]


def test_stores_are_shown_in_proportion_to_their_weights() -> None:
    """With weight w, of the orders that a category's shelf brings, independents get w n_i / (w n_i + n_c)."""
    share = {}
    for weight in (1.0, 0.25, 0.0):
        market = market_of(*TOWN, f"couriers.rival_a.independents_weight={weight}", "retailers.opt_in.share=1.0")
        market.open_day(0)
        source = market.terms.of_all(market.today.occasions, market.world.households)[2].source
        found = source.find(market.world.shopping, market.today.occasions, market.world.households)
        in_mall = market.world.stores.mall[found.store] >= 0
        share[weight] = market.world.stores.independent[found.store[in_mall & found.available]].mean()
    assert share[0.0] == 0.0
    odds = {weight: each / (1 - each) for weight, each in share.items()}
    assert odds[0.25] == pytest.approx(0.25 * odds[1.0], rel=0.4)


def test_a_steering_courier_is_inverted_as_if_it_did_not_steer() -> None:
    usual, steers = market_of(*TOWN), market_of(*TOWN, "couriers.rival_a.independents_weight=0.2")
    np.testing.assert_array_equal(steers.world.channels.constants, usual.world.channels.constants)
