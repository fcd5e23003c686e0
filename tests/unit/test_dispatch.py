"""Costs, candidates and the two rules on matrices small enough to see."""

import numpy as np
import pytest

from agents.dispatch import Match, lap, nearest_immediate, pickup_cost, rule_named

INF = np.inf


def cost_of(drive: list[list[float]], ready: list[float], age: list[float], candidates: int = 20) -> list[list[float]]:
    cost = pickup_cost(np.array(drive), np.array(ready), np.array(age), 0.5, 0.25, 1000.0, candidates)
    return [[float(each) for each in row] for row in cost]


def test_a_pair_costs_the_drive_and_half_the_wait_less_a_part_of_the_age() -> None:
    assert cost_of([[100.0, 300.0]], [200.0], [40.0]) == [[100 + 50 - 10, 300 - 10]]


def test_who_is_beyond_reach_or_not_among_the_nearest_is_not_asked() -> None:
    assert cost_of([[1001.0, 1000.0]], [0.0], [0.0]) == [[INF, 1000]]
    assert cost_of([[30.0, 10.0, 20.0], [1.0, 2.0, 3.0]], [0.0, 0.0], [0.0, 0.0], 2) == [[INF, 10, 20], [1, 2, INF]]


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
        rule_named("closest")
