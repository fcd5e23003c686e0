"""What can be set on the page: keys, units and ranges are conf/'s own, and nothing else is let through."""

import pytest

from galleria.experiments.design.one_node import one_tree
from galleria.experiments.view.controls import Controls, controls_of
from galleria.models.errors import UsageError


@pytest.fixture(scope="module")
def controls() -> Controls:
    return controls_of(one_tree([], "a test", None), (), None)


def test_ranges_and_units_are_those_of_conf(controls: Controls) -> None:
    numbers = {each.key: each for group in controls.groups.values() for each in group}
    pool = numbers["drivers.pool"]
    assert (pool.value, pool.low, pool.high, pool.whole) == (250, 20, 20_000, True)
    fee = numbers["couriers.mall_direct.fee_usd"]
    assert (fee.value, fee.low, fee.high, fee.whole) == (4.99, 0, 10, False)
    assert fee.said.startswith("$")
    assert numbers["retailers.opt_in.share"].value == 0.5
    assert "couriers.warehouse.fee_usd" not in numbers  # its vans take no fee that conf/ states a range of
    pays = {key for key in numbers if key.endswith("pay.base_usd")}
    assert pays == {f"couriers.{name}.pay.base_usd" for name in ("mall_direct", "rival_a", "rival_b")}


def test_every_policy_can_be_switched_on_and_says_what_it_is(controls: Controls) -> None:
    named = {policy.name: policy for policy in controls.policies}
    assert {"min_pay_seattle", "delivery_fee_cap", "nyc_2023"} <= set(named)
    assert "none" not in named
    assert all(policy.said for policy in controls.policies)
    seattle = {each.key: each for each in named["min_pay_seattle"].numbers}
    assert seattle["policy.min_pay_seattle.usd_per_min"].value == 0.45
    assert "policy.min_pay_seattle.from_day" not in seattle


def test_changes_become_overrides_in_an_order_of_their_own(controls: Controls) -> None:
    one = controls.overrides({"drivers.pool": 300.0, "policy": "min_pay_seattle+pass_through", "replication": 3})
    assert one == ["policy=min_pay_seattle+pass_through", "drivers.pool=300"]
    assert controls.overrides({"policy": "min_pay_seattle", "policy.min_pay_seattle.usd_per_min": 1}) == [
        "policy=min_pay_seattle",
        "policy.min_pay_seattle.usd_per_min=1.0",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"run.output": "elsewhere"},
        {"drivers.pool": "300, city.path=/etc/passwd"},
        {"drivers.pool": True},
        {"policy": "min_pay_seattle,none"},
        {"dispatch": "../../secret"},
        {"hydra.run.dir": 1},
    ],
)
def test_nothing_else_can_be_set(controls: Controls, changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="cannot be set"):
        controls.overrides(changes)
