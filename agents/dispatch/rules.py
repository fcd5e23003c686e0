"""Dispatch: which waiting order is offered to which idle driver (model 7.5).

A rule sees a matrix of costs, orders in the order of their placement by idle drivers, and gives pairs. Rules are found
by name; a new one is a `Match` with `@dispatch_rule("name")` above it. `@bundled_rule("name")` makes a rule for rows
that are bundles of orders, with drivers who are about to be free among the columns (`bundled`).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.optimize import linear_sum_assignment

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.registry import Registry

type Pairs = tuple[Ints, Ints]
type Match = Callable[[Floats], Pairs]
"""From the cost of sending I drivers for P rows, float64 [P, I], inf for pairs that must not be, to rows and columns of
the pairs, rows in order."""


class DispatchRule(NamedTuple):
    """A way to pair rows with drivers, and whether the rows are bundles or single orders."""

    match: Match
    bundles: bool


RULES = Registry[DispatchRule]("dispatch rule")


def dispatch_rule(name: str) -> Callable[[Match], Match]:
    """Register a rule for single orders under the name that `dispatch.rule` has in the config."""
    return _register(name, bundles=False)


def bundled_rule(name: str) -> Callable[[Match], Match]:
    """Register a rule for bundles."""
    return _register(name, bundles=True)


def _register(name: str, *, bundles: bool) -> Callable[[Match], Match]:
    def register(match: Match) -> Match:
        RULES.add(name, DispatchRule(match, bundles))
        return match

    return register


@bundled_rule("lap_bundled")
@dispatch_rule("lap")
def lap(cost: Floats) -> Pairs:
    """Match as many orders as can be at the least total cost (a rectangular linear assignment problem)."""
    rows, columns = linear_sum_assignment(_priced(cost))
    kept = np.isfinite(cost[rows, columns])
    return rows[kept], columns[kept]


@njit(cache=True)
def _priced(cost: Floats) -> Floats:
    """Put a price on pairs that must not be that no number of others makes up for."""
    least, most = np.inf, -np.inf
    for value in cost.flat:
        if value < np.inf:
            least, most = min(least, value), max(most, value)
    never = (most - least + 1) * (min(cost.shape) + 1) + most if most > -np.inf else 0.0
    priced = cost.copy()
    for k in range(priced.size):
        if priced.flat[k] == np.inf:
            priced.flat[k] = never
    return priced


def among_possible(match: Match) -> Match:
    """Let a rule see only the columns in which a pair may be: without ties it decides the same, and sooner."""

    def paired(cost: Floats) -> Pairs:
        possible = _possible(cost)
        rows, columns = match(np.ascontiguousarray(cost[:, possible]))
        return rows, possible[columns]

    return paired


@njit(cache=True)
def _possible(cost: Floats) -> Ints:
    """List the columns that are finite somewhere."""
    found = np.zeros(cost.shape[1], np.bool_)
    for row in cost:
        for i in range(len(row)):
            found[i] |= row[i] < np.inf
    return np.flatnonzero(found)


@dispatch_rule("nearest_immediate")
def nearest_immediate(cost: Floats) -> Pairs:
    """Serve orders one after the other, each by the driver who is cheapest for it among those left."""
    left = cost.copy()
    rows, columns = [], []
    for row in range(len(left)):
        column = int(left[row].argmin()) if left.shape[1] else 0
        if left.shape[1] and np.isfinite(left[row, column]):
            rows.append(row)
            columns.append(column)
            left[:, column] = np.inf
    return np.array(rows, np.int64), np.array(columns, np.int64)


@dispatch_rule("fcfs")
def fcfs(cost: Floats) -> Pairs:
    """Serve orders in turn, each by its cheapest driver: while the first cannot be served, none behind it is."""
    rows, columns = nearest_immediate(cost)
    in_turn = rows == np.arange(len(rows))
    served = len(rows) if in_turn.all() else int(in_turn.argmin())
    return rows[:served], columns[:served]


@dispatch_rule("nearest_waiting")
def nearest_waiting(cost: Floats) -> Pairs:
    """Let drivers choose, one after the other, each the order that is cheapest among those left."""
    columns, rows = nearest_immediate(cost.T)
    by_row = np.argsort(rows, kind="stable")
    return rows[by_row], columns[by_row]


@dispatch_rule("greedy")
def greedy(cost: Floats) -> Pairs:
    """Make the cheapest pair of all, then the cheapest of what is left, and so on."""
    left = cost.copy()
    pairs = []
    while left.size and np.isfinite(best := left.min()):
        row, column = np.argwhere(left == best)[0].tolist()
        pairs.append((row, column))
        left[row] = left[:, column] = np.inf
    pairs.sort()
    return np.array([row for row, _ in pairs], np.int64), np.array([column for _, column in pairs], np.int64)
