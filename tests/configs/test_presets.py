"""Every market, courier, kind of retailers and strategy of conf/ for eight days, over the border of a week."""

from typing import Any

import pytest
from omegaconf import DictConfig, OmegaConf

from galleria.experiments.design.compose import CONF
from galleria.models.market import Market
from galleria.models.settings.validation import validate
from tests.identities import check_identities
from tests.market_worlds import city_of, run_of, settings_of

EIGHT_DAYS = (
    "city=toy",
    "city.households=120",
    "customers.occasions_per_household_day=1.0",
    "customers.calibration.sample=2000",
    "drivers.pool=30",
    "run.days=8",
)


def presets(group: str) -> list[str]:
    """List the files of a group of the configuration."""
    return sorted(path.stem for path in (CONF / group).glob("*.yaml"))


@pytest.mark.parametrize(
    "choice",
    [f"{group}={name}" for group in ("market", "retailers", "strategy", "dispatch") for name in presets(group)],
)
def test_identities_hold_in_every_preset(choice: str) -> None:
    market, outcome = run_of(*EIGHT_DAYS, choice)
    assert market.world.orders.count > 100
    check_identities(market, outcome)


@pytest.mark.parametrize(
    "option",
    [
        ("retailers.kerb.slots=1",),
        ("retailers.stock.units=2", "retailers.stock.record_error=0.1"),
        ("retailers.rent_share_of_walk_in=0.05", "retailers.rent_share_of_delivered=0.02"),
        ("drivers.relocation.theta_per_usd=1.0", "city=grid", "city.nodes_per_side=9", "city.spacing_km=1.0"),
        ("drivers.log_on_cost_usd=0.5", "drivers.app_cost_usd_per_h=0.2", "drivers.longest_day_h=6"),
        ("drivers.leave_below_share=0.8", "drivers.leave_after_weeks=1"),
        ("couriers.mall_direct.contract.kind=block", "couriers.rival_a.contract.kind=hourly"),
        ("couriers.rival_a.surge.gain=0.5", "couriers.rival_b.promise={hours: 0.5, credit_usd: 3.0}"),
        ("market=entrant", "strategy.entry.rival_c.day=2", "strategy.entry.rival_c.cost_usd_per_week=70"),
        (
            "customers.inertia_usd=1.0",
            "customers.memory.rate=1.0",
            "dispatch.interval_s=0",
            "dispatch=nearest_immediate",
        ),
    ],
    ids=lambda option: option[0],
)
def test_identities_hold_with_what_is_off_by_default(option: tuple[str, ...]) -> None:
    market, outcome = run_of(*EIGHT_DAYS, *option)
    check_identities(market, outcome)


def courier_file(courier: str) -> DictConfig:
    """Read a courier's file, on top of the one it starts from."""
    own = OmegaConf.load(CONF / "courier" / f"{courier}.yaml")
    assert isinstance(own, DictConfig)
    above = [name for name in own.pop("defaults", []) if name != "_self_"]
    whole = OmegaConf.merge(*(courier_file(name) for name in above), own)
    assert isinstance(whole, DictConfig)
    return whole


def alone(courier: str) -> dict[str, Any]:
    """Return a town in which the courier of a file is the only one."""
    tree = settings_of(*EIGHT_DAYS).model_dump(mode="json")
    name = courier.removesuffix("_pilot")  # mall-direct on other terms
    file = {
        "retailers": {"opt_in": {"share": 0.5}},
        "couriers": {name: courier_file(courier)},
    }
    couriers = OmegaConf.to_container(OmegaConf.create(file), resolve=True)
    assert isinstance(couriers, dict)
    served = couriers["couriers"][name]["serves"] or tree["customers"]["purposes"]
    reach = sum(tree["customers"]["purposes"][purpose]["share"] for purpose in served)
    members_only = (couriers["couriers"][name]["fee_schedule"] or {}).get("members_only", False)  # and before noon
    share = 0.06 if members_only else min(0.3, 0.6 * reach)
    shares = {name: share, "store_mall": 0.2, "store_big_box": 0.2, "none": 0.6 - share}
    customers = tree["customers"] | {"observed_share": shares}
    return tree | {"couriers": couriers["couriers"], "customers": customers}


@pytest.mark.parametrize("courier", presets("courier"))
def test_identities_hold_with_every_courier_alone(courier: str) -> None:
    settings = validate(alone(courier))
    market = Market(settings, city_of(settings.city), 0)
    outcome = market.run()
    assert market.world.orders.count > 50
    check_identities(market, outcome)
