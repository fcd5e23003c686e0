"""Costs, candidates and the two rules on matrices small enough to see."""

import numpy as np
import pytest

from galleria.agents.dispatch.costs import TIE_S, Parcels, PausedPairs, Reach, break_ties, pickup_costs
from galleria.agents.dispatch.rules import RULES, Match, lap, nearest_immediate
from galleria.agents.kernel.noise import hashed_integers, paired_uniform
from galleria.agents.kernel.roads import Roads

INF = np.inf


def roads_with(drive: list[list[int]]) -> Roads:
    """Lay ways of so many seconds from places 0, 1, ... of drivers to the stores, which are the places behind them."""
    stores, drivers = len(drive), len(drive[0])
    free = np.zeros((drivers + stores, drivers + stores), np.uint16)
    free[:drivers, drivers:] = np.array(drive).T
    return Roads(free, 1.0, free, 1.0, np.arange(25, dtype=np.float64) * 3600)


def cost_of(drive: list[list[int]], ready: list[float], age: list[float], candidates: int = 20) -> list[list[float]]:
    stores, drivers = len(drive), len(drive[0])
    origin, now_s = drivers + np.arange(stores), 5000.0
    ready_s, placed_s = now_s + np.array(ready), now_s - np.array(age)
    cost, _ = pickup_costs(
        roads_with(drive),
        np.arange(drivers),
        Parcels(origin, ready_s, placed_s),
        now_s,
        Reach(0.5, 0.25, 1000.0, candidates),
    )
    return [[round(float(each), 6) for each in row] for row in cost]


def test_a_pair_costs_the_drive_and_half_the_wait_less_a_part_of_the_age() -> None:
    assert cost_of([[100, 300]], [200.0], [40.0]) == [[100 + 50 - 10, 300 - 10]]


def test_who_is_beyond_reach_or_not_among_the_nearest_is_not_asked() -> None:
    assert cost_of([[1001, 999]], [0.0], [0.0]) == [[INF, 999]]
    assert cost_of([[30, 10, 20], [1, 2, 3]], [0.0, 0.0], [0.0, 0.0], 2) == [[INF, 10, 20], [1, 2, INF]]


def test_ties_are_broken_by_the_noise_of_the_order_and_the_driver_and_decliners_are_left_out() -> None:
    """Two bundles, of orders 0 and 1 and of order 2, and drivers 4 and 9; driver 9 has just declined order 1."""
    cost, seeds = np.zeros((2, 2)), hashed_integers(7, np.arange(3))
    declined = PausedPairs(np.array([1, 2]), np.array([9, 5]))
    break_ties(cost, np.array([0, 2, 3]), np.arange(3), seeds, np.array([4, 9]), declined)
    noise = [[TIE_S * paired_uniform(seeds[order], driver) for driver in (4, 9)] for order in (0, 2)]
    assert cost.tolist() == [[noise[0][0], INF], noise[1]]


def test_the_batch_is_cheaper_than_first_come_first_served() -> None:
    """The first order's nearest driver is the second order's only good one."""
    cost = np.array([[1.0, 2.0], [1.0, 100.0]])
    assert [each.tolist() for each in nearest_immediate(cost)] == [[0, 1], [0, 1]]
    assert [each.tolist() for each in lap(cost)] == [[0, 1], [1, 0]]


@pytest.mark.parametrize("rule", [lap, nearest_immediate])
def test_forbidden_pairs_are_never_matched(rule: Match) -> None:
    cost = np.array([[INF, INF, INF], [5.0, INF, INF], [3.0, INF, 900.0]])
    rows, columns = rule(cost)
    assert np.isfinite(cost[rows, columns]).all()
    assert len(set(columns.tolist())) == len(columns)


def test_the_batch_serves_as_many_as_can_be_served_even_at_high_cost() -> None:
    cost = np.array([[1.0, 1000.0], [2.0, INF]])
    assert [each.tolist() for each in lap(cost)] == [[0, 1], [1, 0]]


def test_nothing_to_match_gives_no_pairs() -> None:
    for rule in (lap, nearest_immediate):
        assert [len(each) for each in rule(np.full((2, 2), INF))] == [0, 0]


def test_an_unknown_rule_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"there are .*lap.*nearest_immediate"):
        RULES["closest"]


def test_in_turn_nobody_passes_an_order_that_cannot_be_served() -> None:
    cost = np.array([[3.0, 4.0, 9.0], [np.inf, np.inf, np.inf], [1.0, 2.0, 5.0]])
    rows, columns = RULES["fcfs"].match(cost)
    assert (rows.tolist(), columns.tolist()) == ([0], [0])
    assert RULES["fcfs"].match(cost[1:])[0].tolist() == []
    assert RULES["nearest_immediate"].match(cost)[0].tolist() == [0, 2]
