"""The worlds in which couriers set their fees: on few shoppers and coarse moments, so that weeks are quick."""

from tests.market_worlds import BUSY_TOY
from tests.reference.grounds import CROWDED

BY_WEEKS = (
    *BUSY_TOY,
    "city.households=150",
    "dispatch.interval_s=300",
    "customers.calibration.sample=100",
    "strategy.baseline_days=2",
)
NASH = (*BY_WEEKS, "strategy=nash", "strategy.fees.tolerance_usd=1e-11", "strategy.fees.settled_fee_usd=0.0")
CLIMB = (*BY_WEEKS, "strategy=hill_climb", "strategy.fees.step_usd=1.0")

PLAYED: dict[str, tuple[str, ...]] = {
    "fees in equilibrium, crowded, two weeks and a day": (*NASH, *CROWDED, "run.days=15"),
    "fees in equilibrium under a floor on hours and a cap on commissions, one owner of two, members": (
        *NASH,
        "run.days=8",
        "market=pilot",
        "couriers.rival_b.firm=rival_a",
        "policy=[min_pay_nyc_hourly,commission_cap]",
        "policy.commission_cap.cap=0.10",
        "policy.min_pay_nyc_hourly.from_day=7",
    ),
    "fees and service rates in equilibrium under a cap on commissions, one owner of two, members": (
        *NASH,
        "strategy.fees.sets=fee_and_rate",
        "run.days=15",
        "market=pilot",
        "couriers.rival_b.firm=rival_a",
        "policy=commission_cap",
        "policy.commission_cap.cap=0.10",
        "policy.commission_cap.from_day=7",
    ),
    "fees and service rates in equilibrium, rates held down, from what is expected": (
        *NASH,
        "strategy.fees.sets=fee_and_rate",
        "strategy.fees.highest_rate=0.16",
        "strategy.baseline_days=0",
        "run.days=8",
        "policy=commission_cap",
        "policy.commission_cap.cap=0.10",
    ),
    "fees in equilibrium that settle, from what is expected": (
        *NASH,
        "run.days=15",
        "strategy.baseline_days=0",
        "strategy.fees.of=[gig,van]",
        "strategy.fees.settled_fee_usd=5",
        "strategy.fees.settled_quote_share=1",
    ),
    "fees climb for three weeks, one owner of two": (*CLIMB, "run.days=22", "couriers.rival_b.firm=rival_a"),
    "fees climb, orders worth nothing beside their margin": (*CLIMB, "run.days=15", "strategy.value_of_order=zero"),
}
