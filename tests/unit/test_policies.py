"""Each policy does what its rule says, on its days, and nothing at zero strength; all pairs of them compose."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.regulator import PolicySettings, parse_policies, policy_class
from tests.market_worlds import BUSY_TOY, run_of

POLICIES = sorted(
    path.stem for path in (Path(__file__).parents[2] / "conf" / "policy").glob("*.yaml") if path.stem != "none"
)
QUIET_TOY = ("city=toy", "city.households=40", "customers.occasions_per_household_day=1.0", "drivers.pool=10")
SCHEDULE = {"from_day": 0, "to_day": None}


def settings_of_kind(kind: str, **given: object) -> PolicySettings:
    return parse_policies({"it": {"kind": kind, **SCHEDULE, **given}})["it"]


def test_a_pay_floor_pays_minutes_and_miles_or_the_least() -> None:
    floor = policy_class("pay_floor")(
        settings_of_kind("pay_floor", usd_per_min=0.5, usd_per_mile=1.0, usd_per_offer=5.0, added_fee_usd=4.99)
    )
    pay = floor.offer(np.array([4.0, 4.0, 20.0]), np.array([0.0, 1.609344, 1.609344]), np.array([2.0, 18.0, 18.0]))
    assert pay.tolist() == pytest.approx([5.0, 10.0, 20.0])
    assert floor.fee(3.0, gig=True) == pytest.approx(7.99)
    assert floor.fee(3.0, gig=False) == 3.0


def test_a_cap_lowers_what_is_above_it_only() -> None:
    cap = policy_class("commission_cap")(settings_of_kind("commission_cap", cap=0.15, added_fee_usd=0.0))
    assert [cap.commission(rate) for rate in (0.1, 0.15, 0.3)] == [0.1, 0.15, 0.15]


def test_a_tax_is_due_from_its_basket_on() -> None:
    tax = policy_class("delivery_tax")(
        settings_of_kind("delivery_tax", usd_per_order=0.5, least_basket_usd=100.0, taxed="all")
    )
    assert tax.tax(np.array([99.99, 100.0, 150.0]), gig=False).tolist() == [0.0, 0.5, 0.5]
    gig_tax = policy_class("delivery_tax")(
        settings_of_kind("delivery_tax", usd_per_order=2.0, least_basket_usd=0.0, taxed="gig")
    )
    assert gig_tax.tax(np.ones(1), gig=True).tolist() == [2.0]
    assert gig_tax.tax(np.ones(1), gig=False).tolist() == [0.0]


def test_homing_binds_each_driver_to_one_app_or_opens_all() -> None:
    apps = np.array([0b1101, 0b1101, 0b1101, 0b0100])
    bound = policy_class("homing")(settings_of_kind("homing", drivers="exclusive")).homing(apps)
    assert bound.tolist() == [0b0001, 0b0100, 0b1000, 0b0100]
    assert policy_class("homing")(settings_of_kind("homing", drivers="open")).homing(apps).tolist() == [0b1101] * 4


def test_a_policy_holds_from_its_first_day_until_before_its_last() -> None:
    settings = parse_policies(
        {"cap": {"kind": "commission_cap", "from_day": 2, "to_day": 4, "cap": 0.1, "added_fee_usd": 0.0}}
    )["cap"]
    assert [settings.in_force(day) for day in range(6)] == [False, False, True, True, False, False]


def test_dates_out_of_order_are_refused_with_the_key() -> None:
    with pytest.raises(ValueError, match=r"cap: to_day \(3\) must be later than from_day \(3\)"):
        parse_policies(
            {"cap": {"kind": "commission_cap", "from_day": 3, "to_day": 3, "cap": 0.1, "added_fee_usd": 0.0}}
        )


def metrics_of(*overrides: str) -> pd.DataFrame:
    """Run a day of the toy city."""
    return run_of(*BUSY_TOY, *overrides)[1].metrics


@pytest.mark.parametrize(
    ("policy", "weakest"),
    [
        ("min_pay_seattle", ("usd_per_min=0", "usd_per_mile=0", "usd_per_offer=0")),
        ("commission_cap", ("cap=1",)),
        ("gig_only_tax", ("usd_per_order=0",)),
        ("delivery_fee_co", ("from_day=5",)),
    ],
)
def test_zero_strength_is_no_policy_to_the_bit(policy: str, weakest: tuple[str, ...]) -> None:
    weak = metrics_of(f"policy={policy}", *(f"policy.{policy}.{each}" for each in weakest))
    pd.testing.assert_frame_equal(metrics_of(), weak, check_exact=True)


@pytest.mark.parametrize(
    ("policy", "metric", "sign"),
    [
        ("min_pay_seattle", "driver_gross_usd_per_online_h", 1),
        ("commission_cap", "rival_profit_usd", -1),
        ("delivery_fee_co", "public_revenue_usd", 1),
        ("gig_only_tax", "consumer_surplus_quoted_usd", -1),
    ],
)
def test_each_policy_moves_what_it_is_made_for(policy: str, metric: str, sign: int) -> None:
    before, after = (each.set_index("metric").value[metric] for each in (metrics_of(), metrics_of(f"policy={policy}")))
    assert sign * (after - before) > 0


@pytest.mark.parametrize(("first", "second"), list(combinations(POLICIES, 2)))
def test_every_pair_of_policies_composes(first: str, second: str) -> None:
    metrics = run_of(*QUIET_TOY, f"policy=[{first},{second}]")[1].metrics.set_index("metric").value
    assert metrics["orders_placed"] > 0
