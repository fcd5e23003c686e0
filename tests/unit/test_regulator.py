"""Policies are applied in order, found by name, and change nothing unless they say so."""

import mesa
import numpy as np
import pytest

from agents.arrays import Floats
from agents.regulator import Policy, PolicySettings, Regulator, parse_policies, policy_class


class Levy(Policy[PolicySettings]):
    """A policy for this test: one dollar more pay, half the commission, a dollar of tax on gig orders."""

    def offer(self, pay_usd: Floats, km: Floats, minutes: Floats) -> Floats:
        del km, minutes
        return pay_usd + 1

    def commission(self, rate: float) -> float:
        return rate / 2

    def tax(self, basket_usd: Floats, *, gig: bool) -> Floats:
        return np.full_like(basket_usd, 1.0 if gig else 0.0)


def regulator_with(*policies: Policy[PolicySettings]) -> Regulator:
    regulator = Regulator(mesa.Model(rng=1), {})
    regulator.policies = list(policies)
    regulator.open_day(0)
    return regulator


def test_without_policies_and_with_a_neutral_one_nothing_changes() -> None:
    pay, ones = np.array([7.25]), np.ones(1)
    for regulator in (regulator_with(), regulator_with(Policy(PolicySettings(kind="neutral")))):
        assert regulator.offer(pay, ones, ones).tolist() == [7.25]
        assert regulator.commission(0.15) == 0.15
        assert regulator.tax(ones, gig=True).tolist() == [0]
        assert regulator.homing(np.array([5])).tolist() == [5]


def test_policies_add_up() -> None:
    regulator = regulator_with(Levy(PolicySettings(kind="levy")), Levy(PolicySettings(kind="levy")))
    ones = np.ones(2)
    assert regulator.offer(7 * ones, ones, ones).tolist() == [9, 9]
    assert regulator.commission(0.2) == 0.05
    assert regulator.tax(ones, gig=True).tolist() == [2, 2]
    assert regulator.tax(ones, gig=False).tolist() == [0, 0]


def test_an_unknown_policy_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="neutral"):
        policy_class("wish")
    with pytest.raises(ValueError, match="neutral"):
        parse_policies({"wish": {}})
