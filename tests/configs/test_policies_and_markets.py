"""Every policy and market of conf/ runs alone, policies in pairs, all identities held; without strength it is none."""

from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from galleria.agents.regulator.policy import POLICIES
from galleria.experiments.design.compose import CONF
from galleria.models.errors import UsageError
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from galleria.models.money.settlement import SINKS
from galleria.models.settings.validation import validate
from tests.market_worlds import BUSY_TOY, city_of, policy_in_file, run_of, settings_of

_YAML = {
    path.stem: path.read_text(encoding="utf-8") for path in (CONF / "policy").glob("*.yaml") if path.stem != "none"
}
VARIANTS = sorted(name for name, text in _YAML.items() if "\ndefaults:" in text)
"""Files that give another policy other numbers."""
POLICY_FILES = sorted(_YAML.keys() - {"none", *VARIANTS})
MARKETS = sorted(path.stem for path in (CONF / "market").glob("*.yaml"))
TWO_DAYS = ("run.days=2", "customers.calibration.sample=2000")

CONTRADICTORY = {
    ("exclusive_drivers", "exclusivity_ban"),
    ("exclusive_retailers", "retailer_exclusivity_ban"),
}
"""Pairs that must be refused as they stand in conf/; all others must run."""

WEAKEST: dict[str, dict[str, float | None]] = {
    "commission_cap": {"cap": 1.0},
    "congestion_charge": {"usd_per_entry": 0.0, "usd_per_km": 0.0},
    "curb_fee": {"usd_per_stop": 0.0, "usd_per_min": 0.0},
    "data_sharing": {"noise_left": 1.0, "shared_earnings": 0.0, "map_theta_per_usd": 0.0},
    "demote_capped": {"weight": 1.0},
    "delivery_tax": {"usd_per_order": 0.0},
    "ev_mandate": {"gig_share": 0.0, "van_share": 0.0},
    "fee_limits": {"lowest_usd": 0.0, "highest_usd": None},
    "hourly_pay": {"usd_per_h": 0.0},
    "log_in_cap": {"utilisation": 0.0},
    "mall_subsidy": {"usd_per_order": 0.0, "usd_per_week": 0.0},
    "neutral": {},
    "pass_through": {"share": 0.0},
    "tip_prompt_after": {"share": 0.0},
    "tip_prompt_before": {},
    "pay_floor": {"usd_per_min": 0.0, "usd_per_mile": 0.0, "usd_per_offer": 0.0},
}
"""Parameters by kind with which a policy asks for nothing; those not listed cannot ask for nothing."""
ALL_OR_NOTHING = {"homing", "listing", "speed_promise"}


@lru_cache
def quiet_tree() -> dict[str, Any]:
    """Return the settings of a small town in which decisions are few, for the many runs."""
    quiet = ("city=toy", "city.households=40", "customers.occasions_per_household_day=1.0", "drivers.pool=10")
    return settings_of(*quiet, *TWO_DAYS, "dispatch.interval_s=300", "dispatch.requote_s=1800").model_dump(mode="json")


def busy_run(policies: dict[str, Any]) -> tuple[Market, Outcome]:
    """Run two days of the busy town under policies."""
    tree = settings_of("run.tables=all", *BUSY_TOY, *TWO_DAYS).model_dump(mode="json")
    settings = validate(tree | {"policy": policies})
    market = Market(settings, city_of(settings.city), 0)
    return market, market.run()


def check_identities(market: Market, outcome: Outcome) -> None:
    """Check orders, money, welfare and times (L1, L3, L5); clocks, ledger and orders are also checked on the way."""
    value = outcome.metrics.set_index("metric")["value"]
    assert value["orders_placed"] > 0
    assert value["orders_placed"] == value[["orders_delivered", "orders_cancelled", "orders_open"]].sum()
    assert market.world.ledger.is_balanced
    days, ledger = market.settings.run.days, market.world.ledger
    gross = value["consumer_surplus_usd"] * days - ledger.total_usd("customers")
    used_up = sum(ledger.total_usd(sink) for sink in SINKS) + float(market.world.drivers.forgone_usd.sum())
    welfare = gross - used_up - value["external_cost_usd"] * days
    assert value["welfare_usd"] * days == pytest.approx(welfare, abs=0.01)
    accounts = dict.fromkeys(market.settings.firms, 0)
    for courier, units in zip(market.settlement.couriers, market.world.ledger.contribution.tolist(), strict=True):
        accounts[courier.firm] += units
    assert list(accounts.values()) == [
        int(market.world.ledger.balance[market.settlement.firm(name)]) for name in accounts
    ]
    orders, n = market.world.orders, market.world.orders.count
    steps = np.stack([getattr(orders, name)[:n] for name in ("placed_s", "accepted_s", "picked_s", "delivered_s")])
    known = np.isfinite(steps).all(axis=0)
    assert (np.diff(steps[:, known], axis=0) >= 0).all()


@pytest.mark.parametrize("policy", ["none", *POLICY_FILES])
def test_every_policy_runs_alone(policy: str) -> None:
    check_identities(*busy_run({} if policy == "none" else policy_in_file(policy)))


@pytest.mark.parametrize(("first", "second"), list(combinations(POLICY_FILES, 2)))
def test_every_pair_of_policies_runs_or_is_refused_with_a_reason(first: str, second: str) -> None:
    tree = quiet_tree() | {"policy": policy_in_file(first) | policy_in_file(second)}
    if (first, second) in CONTRADICTORY:
        with pytest.raises(UsageError, match=f"policy.{first}.* contradicts policy.{second}"):
            validate(tree)
    else:
        settings = validate(tree)
        market = Market(settings, city_of(settings.city), 0)
        check_identities(market, market.run())


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_of_a_policy_differs_from_it_in_numbers_alone(variant: str) -> None:
    ((name, given),) = settings_of(f"policy={variant}").policy.items()
    ((same, plain),) = settings_of(f"policy={name}").policy.items()
    assert (same, type(given)) == (name, type(plain))
    assert given != plain


@pytest.mark.parametrize("market", MARKETS)
def test_every_market_runs(market: str) -> None:
    check_identities(*run_of(*BUSY_TOY, *TWO_DAYS, f"market={market}"))


def test_every_kind_of_policy_has_a_weakest_form_or_none() -> None:
    kinds = {each["kind"] for policy in POLICY_FILES for each in policy_in_file(policy).values()}
    assert kinds == set(POLICIES)
    assert kinds == WEAKEST.keys() | ALL_OR_NOTHING


@pytest.mark.parametrize("policy", POLICY_FILES)
def test_a_policy_that_asks_for_nothing_is_no_policy_to_the_bit(policy: str) -> None:
    """Not yet in force, or at its weakest: the same orders, drivers and stores to the last bit."""
    _, nothing = busy_run({})
    (given,) = policy_in_file(policy).values()
    forms: list[dict[str, Any]] = []
    if "from_day" in given:
        forms.append({"from_day": 2})
    if given["kind"] not in ALL_OR_NOTHING:
        unanswered = {"added_fee_usd": 0.0} if "added_fee_usd" in given else {}
        forms.append(unanswered | WEAKEST[given["kind"]])
    assert forms
    for form in forms:
        _, weak = busy_run({policy: given | form})
        pd.testing.assert_frame_equal(nothing.metrics, weak.metrics, check_exact=True)
        for name, table in nothing.tables.items():
            pd.testing.assert_frame_equal(table, weak.tables[name], check_exact=True)
