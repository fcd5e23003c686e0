"""Each policy moves first what the table of model.md 8 says it moves, in every one of a few paired replications.

Seeds are pinned, and shoppers, tastes and drivers are the same with and without the policy.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from galleria.models.market import Market
from galleria.models.settings.validation import validate
from tests.market_worlds import city_of, policy_in_file, settings_of

REPLICATIONS = 3
TOWN = (
    *(
        "city=toy",
        "city.households=400",
        "customers.occasions_per_household_day=1.0",
        "customers.calibration.sample=2000",
    ),
    *("drivers.pool=60", "drivers.reservation.median_usd_per_h=8", "run.days=3"),
)
"""Three days of a small town in which somebody works at every hour."""
PLAIN = (
    *(
        "city=grid",
        "city.households=4000",
        "customers.occasions_per_household_day=1.0",
        "customers.calibration.sample=2000",
    ),
    *("drivers.pool=120", "run.days=1"),
)
"""A day of a town with ways long enough for bundles and for drivers to be far away."""

type Policies = dict[str, dict[str, Any]]


@lru_cache
def tree_of(world: tuple[str, ...]) -> dict[str, Any]:
    return settings_of(*world).model_dump(mode="json")


def markets_under(
    policies: Policies, world: tuple[str, ...] = TOWN, replications: int = REPLICATIONS
) -> list[tuple[Market, pd.Series]]:
    """Run a world under policies of conf/, with some parameters changed."""
    given = {name: policy_in_file(name)[name] | dict(changes) for name, changes in policies.items()}
    settings = validate(tree_of(world) | {"policy": given})
    city = city_of(settings.city)
    runs = []
    for replication in range(replications):
        market = Market(settings, city, replication)
        runs.append((market, market.run().metrics.set_index("metric")["value"]))
    return runs


@lru_cache
def without(world: tuple[str, ...]) -> list[tuple[Market, pd.Series]]:
    return markets_under({}, world)


def differences(
    policies: Policies, metric: str, world: tuple[str, ...] = TOWN
) -> np.ndarray[Any, np.dtype[np.float64]]:
    after = [value[metric] for _, value in markets_under(policies, world)]
    return np.asarray(np.array(after) - [value[metric] for _, value in without(world)], np.float64)


HOURLY: Policies = {"min_pay_nyc_hourly": {}}
SEATTLE: Policies = {"min_pay_seattle": {"usd_per_offer": 15.0}}
CORDON: Policies = {"congestion_charge": {"usd_per_km": 0.0, "usd_per_entry": 9.0, "zones": "malls"}}


@pytest.mark.parametrize(
    ("policies", "signs"),
    [
        (HOURLY, {"driver_gross_usd_per_online_h": 1, "drivers_online_mean": 1, "rival_profit_usd": -1}),
        (
            HOURLY | {"log_in_cap": {}},
            {"driver_gross_usd_per_online_h": 1, "driver_utilisation": 1, "drivers_online_mean": -1},
        ),
        ({"min_pay_nyc": {"usd_per_min": 1.0}}, {"driver_net_usd_per_engaged_h": 1}),
        (SEATTLE, {"driver_net_usd_per_engaged_h": 1, "rival_profit_usd": -1}),
        (SEATTLE | {"pass_through": {}}, {"fee_rival_a_usd": 1, "orders_rivals": -1}),
        ({"min_pay_seattle": {"added_fee_usd": 4.99}}, {"fee_rival_a_usd": 1, "orders_rivals": -1}),
        ({"commission_cap": {"cap": 0.05}}, {"rival_profit_usd": -1, "all_in_usd_rival_a": -1}),
        ({"delivery_fee_co": {}}, {"public_revenue_usd": 1, "consumer_surplus_quoted_usd": -1}),
        ({"delivery_fee_mn": {}}, {"public_revenue_usd": 1, "consumer_surplus_quoted_usd": -1}),
        ({"gig_only_tax": {}}, {"orders_rivals": -1, "orders_mall_direct": -1, "warehouse_orders": 1}),
        ({"exclusive_retailers": {}}, {"orders_rivals": -1}),
        ({"congestion_charge": {}}, {"vkt_km": -1, "mall_visits": -1, "public_revenue_usd": 1}),
        (CORDON, {"vkt_km": -1, "mall_visits": -1, "public_revenue_usd": 1}),
        ({"delivery_fee_cap": {}}, {"fee_rival_a_usd": -1, "orders_rivals": 1, "rival_profit_usd": -1}),
        ({"mall_subsidy": {}}, {"public_revenue_usd": -1, "retailer_profit_joined_usd": 1}),
        ({"tip_prompt_after": {}}, {"tip_usd_per_order": -1, "tip_usd_per_online_h": -1, "orders_rivals": 1}),
        ({"ev_mandate": {}}, {"co2_kg": -1, "welfare_usd": 1}),
    ],
    ids="+".join,
)
def test_a_policy_moves_first_what_it_is_said_to(policies: Policies, signs: Mapping[str, int]) -> None:
    pairs = list(zip(markets_under(policies), without(TOWN), strict=True))
    for metric, sign in signs.items():
        difference = np.array([after[metric] - before[metric] for (_, after), (_, before) in pairs])
        assert (sign * difference > 0).all(), (metric, difference)


def test_a_kerb_fee_is_due_and_costs_drivers() -> None:
    """Where trips from malls are many."""
    assert (differences({"curb_fee": {}}, "public_revenue_usd", PLAIN) > 0).all()
    assert (differences({"curb_fee": {}}, "driver_net_usd_per_online_h", PLAIN) < 0).all()


def test_exclusive_drivers_come_from_farther_and_free_ones_from_nearer() -> None:
    """On average over eight replications, by more than twice the standard error: single days vary as much."""
    before = [value["pickup_min_mean"] for _, value in markets_under({}, PLAIN, 8)]
    for policy, sign in (("exclusive_drivers", 1), ("exclusivity_ban", -1)):
        after = [value["pickup_min_mean"] for _, value in markets_under({policy: {}}, PLAIN, 8)]
        difference = sign * (np.array(after) - before)
        assert difference.mean() > 2 * difference.std(ddof=1) / np.sqrt(8), (policy, difference)


def test_a_quick_promise_that_must_be_kept_unbundles_trips() -> None:
    """Against a promise of the same day, by a dispatcher to whom lateness counts ten times the delay.

    Customers are in no hurry here, so that as many of them order under either promise.
    """
    patient = [
        f"customers.purposes.{purpose}.value_of_delivery_time_usd_per_h=0.0"
        for purpose in ("whenever", "stock_up", "today")
    ]
    strict = (
        *PLAIN,
        *patient,
        "dispatch=lap_bundled",
        "dispatch.bundling.hold_min=20",
        "dispatch.bundling.lateness_weight=10",
    )
    quick, slow = (
        [value for _, value in markets_under({"speed_promise": {"hours": hours}}, strict)] for hours in (0.75, 6.0)
    )
    for fast, late in zip(quick, slow, strict=True):
        assert fast["bundle_size_mean"] < late["bundle_size_mean"]
        assert fast["gig_km_per_order"] > late["gig_km_per_order"]


def test_taxes_and_charges_bring_what_was_due() -> None:
    for market, value in markets_under({"delivery_fee_co": {"usd_per_order": 0.25}}):
        assert value["public_revenue_usd"] == pytest.approx(0.25 * value["orders_delivered"])
        assert market.world.ledger.posted_usd("tax") > 0
    for market, value in markets_under({"curb_fee": {"usd_per_stop": 0.5, "usd_per_min": 0.0}}):
        orders = market.world.orders
        gig = np.flatnonzero(orders.driver[: orders.count] >= 0)
        at_mall = market.world.regulator.ground.mall[orders.origin[gig]]
        stops = len(np.unique(orders.trip[gig[at_mall]]))
        assert value["public_revenue_usd"] * 3 == pytest.approx(0.5 * stops, abs=0.01)


def test_an_electric_mandate_changes_emissions_and_what_they_cost_only() -> None:
    for (_, after), (_, before) in zip(markets_under({"ev_mandate": {}}), without(TOWN), strict=True):
        moved = set(after.index[~(after.eq(before) | (after.isna() & before.isna()))])
        assert moved == {"co2_kg", "external_cost_usd", "welfare_usd"}


ON_CALL_FREE = ("retailers.setup_usd_per_week=0", "retailers.on_call.share=0")


def test_subsidies_and_lower_commissions_bring_stores_in() -> None:
    """Where being on one more app costs more than it brings, the same sum from the public tips the equilibrium."""
    dear = (*TOWN, "run.days=1", "retailers=equilibrium")
    dear_apps = (*dear, "retailers.integration_usd_per_week=120", *ON_CALL_FREE)
    before = [value["opt_in_equilibrium_up"] for _, value in without(dear_apps)]
    cheaper: list[Policies] = [{"mall_subsidy": {"usd_per_week": 120.0}}, {"commission_cap": {"cap": 0.05}}]
    for policies in cheaper:
        after = [value["opt_in_equilibrium_up"] for _, value in markets_under(policies, dear_apps)]
        assert (np.array(after) > before).all(), policies


def test_a_map_of_zones_brings_idle_drivers_nearer_to_stores() -> None:
    map_only: Policies = {"data_sharing": {"noise_left": 1.0, "shared_earnings": 0.0}}
    for (market, mapped), (_, before) in zip(markets_under(map_only, PLAIN), without(PLAIN), strict=True):
        assert market.world.drivers.relocate_km.sum() > 0
        assert mapped["pickup_min_mean"] < before["pickup_min_mean"]


def test_shared_data_makes_beliefs_alike() -> None:
    spread = [
        [float(market.world.drivers.belief_usd_per_h.std(axis=0).mean()) for market, _ in runs]
        for runs in (without(TOWN), markets_under({"data_sharing": {}}))
    ]
    assert (np.array(spread[1]) < spread[0]).all()
    assert max(spread[1]) == pytest.approx(0, abs=1e-9)
