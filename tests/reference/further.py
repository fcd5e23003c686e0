"""Worlds of stores and drivers with habits, costs and contracts of their own."""

from tests.market_worlds import BUSY_TOY
from tests.reference.grounds import CROWDED

ON_A_SAMPLE = ("customers.calibration.sample=100", "retailers.opt_in.equilibrium_grid=5")
BY_WEEKS = ("run.days=8", "dispatch.interval_s=300")

FURTHER_WORLDS: dict[str, tuple[str, ...]] = {
    "habits count, rents on sales": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=2",
        "customers.occasions_per_household_day=2",
        "customers.inertia_usd=6",
        "retailers.rent_share_of_delivered=0.08",
        "retailers.rent_share_of_walk_in=0.05",
    ),
    "logging on and further apps cost, days are short, opened at rest": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=2",
        "drivers.log_on_cost_usd=3",
        "drivers.app_cost_usd_per_h=1.5",
        "drivers.longest_day_h=5",
        "drivers.at_rest.days=2",
    ),
    "drivers on one app each, half in force": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=2",
        "policy=exclusive_drivers",
        "policy.exclusive_drivers.phase_in_days=2",
    ),
    "stores on one app each, half in force": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=2",
        "policy=exclusive_retailers",
        "policy.exclusive_retailers.phase_in_days=2",
    ),
    "stores bound to mall-direct, void from the second day": (
        *BUSY_TOY,
        "run.days=2",
        "retailers.opt_in.exclusive=true",
        "retailers.opt_in.share=0.5",
        "policy=retailer_exclusivity_ban",
        "policy.retailer_exclusivity_ban.from_day=1",
    ),
    "stores subsidised until it is spent": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=3",
        "policy=mall_subsidy",
        "policy.mall_subsidy.usd_per_week=70",
        "policy.mall_subsidy.budget_usd=600",
    ),
    "stores subsidised, and reviewing": (
        *BUSY_TOY,
        *BY_WEEKS,
        "retailers=logit_dynamic",
        "retailers.opt_in.reviewed_per_week=0.9",
        "policy=mall_subsidy",
        "policy.mall_subsidy.usd_per_week=300",
    ),
    "stores start where nobody would join": (
        *BUSY_TOY,
        *CROWDED,
        *ON_A_SAMPLE,
        "retailers=equilibrium",
        "retailers.opt_in.peer_usd_per_week=0",
        "retailers.integration_usd_per_week=150",
    ),
    "stores start where nobody would leave, pulled by their peers": (
        *BUSY_TOY,
        *CROWDED,
        *ON_A_SAMPLE,
        "retailers=equilibrium",
        "retailers.opt_in.equilibrium_from=all",
        "retailers.opt_in.peer_usd_per_week=40",
        "retailers.integration_usd_per_week=150",
        "customers.occasions_per_household_day=0.6",
    ),
    "stores start where their landlord earns most": (
        *BUSY_TOY,
        *CROWDED,
        *ON_A_SAMPLE,
        "retailers=landlord",
        "retailers.rent_share_of_walk_in=0.1",
        "customers.occasions_per_household_day=4",
    ),
}
