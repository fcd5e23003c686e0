"""Policies are applied in order, found by name, and change nothing unless they say so."""

import mesa
import numpy as np
import pytest

from galleria.agents.couriers.kinds.base import Fulfilment
from galleria.agents.kernel.arrays import Floats
from galleria.agents.regulator.policy import (
    POLICIES,
    Ground,
    PhasedSettings,
    PlacedSettings,
    Policy,
    PolicySettings,
    Ride,
    parse_policy,
)
from galleria.agents.regulator.regulator import Regulator

GROUND = Ground(np.array([0, 0, 1, 2]), np.array([False, True, False, False]))
HOMES = np.array([0, 2])


class Levy(Policy[PolicySettings]):
    """A policy for this test: one dollar more pay, half the commission, a dollar of tax on gig orders."""

    def offer(self, pay_usd: Floats, ride: Ride) -> Floats:
        del ride
        return pay_usd + 1

    def commission(self, rate: float) -> float:
        return rate / 2

    def tax(self, basket_usd: Floats, fulfilment: Fulfilment) -> Floats:
        return np.full_like(basket_usd, 1.0 if fulfilment == "gig" else 0.0)


def regulator_with(*policies: Policy[PolicySettings], day: int = 0) -> Regulator:
    regulator = Regulator(mesa.Model(rng=1), {}, GROUND)
    regulator.policies = list(policies)
    for each in policies:
        each.survey(GROUND)
    regulator.open_day(day)
    return regulator


def ride_to(*doors: int) -> Ride:
    """Make rides from place 0 to a store at place 1 and on, 1 km each way, ten minutes in all."""
    one = np.ones(len(doors))
    return Ride(0 * np.array(doors), 1 + 0 * np.array(doors), np.array(doors), 0 * one, one, one, 10 * one, one)


def test_without_policies_and_with_a_neutral_one_nothing_changes() -> None:
    pay, baskets = np.array([7.25]), np.ones(2)
    for regulator in (regulator_with(), regulator_with(Policy(PolicySettings(kind="neutral")))):
        assert regulator.offer(pay, ride_to(2)).tolist() == [7.25]
        assert regulator.charge(ride_to(2)).tolist() == [0]
        assert regulator.commission(0.15, "gig") == 0.15
        assert regulator.tax(baskets, HOMES, "gig").tolist() == [0, 0]
        assert regulator.added_fee(4.99, HOMES, "gig").tolist() == [0, 0]
        assert regulator.toll(HOMES, HOMES, baskets, baskets).tolist() == [0, 0]
        assert regulator.homing(np.array([5])).tolist() == [5]
        assert regulator.subsidy(0.0) == (0, 0)
        assert (regulator.hourly_pay_usd, regulator.utilisation, regulator.shared_earnings) == (0, 0, 0)


def test_policies_add_up() -> None:
    regulator = regulator_with(Levy(PolicySettings(kind="levy")), Levy(PolicySettings(kind="levy")))
    assert regulator.offer(np.array([7.0, 7.0]), ride_to(0, 2)).tolist() == [9, 9]
    assert regulator.commission(0.2, "gig") == 0.05
    assert regulator.tax(np.ones(2), HOMES, "gig").tolist() == [2, 2]
    assert regulator.tax(np.ones(2), HOMES, "van").tolist() == [0, 0]


def test_a_policy_grows_evenly_from_nothing_to_its_full_strength() -> None:
    settings = PhasedSettings(kind="levy", from_day=2, to_day=9, phase_in_days=4)
    strengths = [settings.strength(day) for day in range(11)]
    assert strengths == [0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 0, 0]
    half = regulator_with(Levy(settings), day=4)
    assert half.offer(np.array([7.0]), ride_to(2)).tolist() == [7.5]
    assert half.commission(0.2, "gig") == pytest.approx(0.15)
    assert half.tax(np.ones(2), HOMES, "gig").tolist() == [0.5, 0.5]


def test_a_placed_policy_holds_at_the_doors_of_its_zones() -> None:
    placed = {"kind": "levy", "from_day": 0, "to_day": None, "phase_in_days": 0}
    for zones, doors in (((1,), [False, True]), ("malls", [True, False]), (None, [True, True])):
        regulator = regulator_with(Levy(PlacedSettings(**placed, zones=zones)))
        assert regulator.offer(np.array([7.0, 7.0]), ride_to(0, 2)).tolist() == [7 + door for door in doors]
        assert regulator.tax(np.ones(2), HOMES, "gig").tolist() == doors
    with pytest.raises(ValueError, match="zones"):
        PlacedSettings(**placed, zones=())


def test_an_unknown_policy_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="neutral"):
        POLICIES["wish"]
    with pytest.raises(ValueError, match="neutral"):
        parse_policy("wish", {})
