"""Matchings: the batch is the best there is, the queue is the queue (model S7)."""

from itertools import permutations

import numpy as np
from hypothesis import given, settings

from galleria.agents.dispatch.rules import lap, nearest_immediate
from galleria.agents.kernel.arrays import Floats
from tests.reference.matching import first_come_nearest, most_pairs_at_least_cost
from tests.strategies import cost_matrices

few = settings(max_examples=80, deadline=None, derandomize=True, database=None)


def brute_force(cost: Floats) -> tuple[int, float]:
    """Try all ways: the largest number of pairs, and the least cost with it."""
    wide = cost if cost.shape[0] <= cost.shape[1] else cost.T
    best = (0, 0.0)
    for columns in permutations(range(wide.shape[1]), wide.shape[0]):
        chosen = wide[np.arange(len(wide)), list(columns)]
        possible = np.isfinite(chosen)
        best = min(best, (-int(possible.sum()), float(chosen[possible].sum())))
    return -best[0], best[1]


@given(cost_matrices(largest=6))
@few
def test_the_batch_is_as_good_as_trying_all_ways(cost: Floats) -> None:
    rows, columns = lap(cost)
    pairs, least = brute_force(cost)
    assert len(rows) == pairs
    assert abs(cost[rows, columns].sum() - least) < 1e-6


def test_so_it_is_at_seven_by_seven() -> None:
    rng = np.random.default_rng(7)
    for _ in range(2):
        cost = np.where(rng.random((7, 7)) < 0.3, np.inf, rng.normal(0, 100, (7, 7)))
        pairs, least = brute_force(cost)
        rows, columns = lap(cost)
        assert len(rows) == pairs
        assert abs(cost[rows, columns].sum() - least) < 1e-9


@given(cost_matrices())
@few
def test_the_batch_is_never_worse_than_the_queue(cost: Floats) -> None:
    batch, queue = lap(cost), nearest_immediate(cost)
    assert len(batch[0]) >= len(queue[0])
    if len(batch[0]) == len(queue[0]):
        assert cost[batch].sum() <= cost[queue].sum() + 1e-6


@given(cost_matrices())
@few
def test_both_agree_with_the_slow_model(cost: Floats) -> None:
    """Small distinct amounts make the choice of the queue unique."""
    cost += np.arange(cost.size).reshape(cost.shape) ** 2 * 1e-3 * np.sqrt(2)
    allowed = {(int(row), int(column)): float(cost[row, column]) for row, column in np.argwhere(np.isfinite(cost))}
    best = most_pairs_at_least_cost(allowed)
    rows, columns = lap(cost)
    assert len(best) == len(rows)
    assert abs(sum(allowed[pair] for pair in best.items()) - cost[rows, columns].sum()) < 1e-6
    first = nearest_immediate(cost)
    assert first_come_nearest(allowed) == dict(zip(first[0].tolist(), first[1].tolist(), strict=True))
