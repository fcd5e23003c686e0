"""Dispatch: which waiting order is offered to which idle driver (model 7.5).

A rule sees a matrix of costs, orders in the order of their placement by idle drivers, and gives pairs. Rules are found
by name; a new one is a function with `@dispatch_rule("name")` above it. `@bundled_rule("name")` makes a rule for rows
that are bundles of orders, with drivers who are about to be free among the columns (`agents.bundled_dispatch`).
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np
from numba import njit
from pydantic import Field, field_validator
from scipy.optimize import linear_sum_assignment

from agents.arrays import Floats, Ints
from agents.bundled_dispatch import BundlingSettings
from agents.parameters import NonNegative, Parameters, Positive, Share

type Pairs = tuple[Ints, Ints]
type Match = Callable[[Floats], Pairs]


class DispatchRule(NamedTuple):
    """A way to pair rows with drivers, and whether the rows are bundles or single orders."""

    match: Match
    bundles: bool


_RULES: dict[str, DispatchRule] = {}


def dispatch_rule(name: str) -> Callable[[Match], Match]:
    """Register a rule for single orders under the name that `dispatch.rule` has in the config."""
    return _register(name, bundles=False)


def bundled_rule(name: str) -> Callable[[Match], Match]:
    """Register a rule for bundles."""
    return _register(name, bundles=True)


def _register(name: str, *, bundles: bool) -> Callable[[Match], Match]:
    def register(match: Match) -> Match:
        _RULES[name] = DispatchRule(match, bundles)
        return match

    return register


def rule_named(name: str) -> DispatchRule:
    """Look a rule up.

    Raises
    ------
    ValueError
        If no rule has the name; the message lists those there are.
    """
    if name not in _RULES:
        raise ValueError(f"there is no dispatch rule {name!r}; there are {', '.join(sorted(_RULES))}")
    return _RULES[name]


class DispatchSettings(Parameters):
    """How orders and drivers are matched; units and sources stand in conf/dispatch."""

    rule: str
    own_rules: dict[str, str]
    interval_s: Annotated[float, Field(ge=0, le=3600)]
    requote_s: Positive
    candidates: Annotated[int, Field(ge=1, le=10_000)]
    max_pickup_min: Positive
    lookahead_min: NonNegative
    wait_weight: Share
    age_weight: NonNegative
    decline_pause_s: NonNegative
    bundling: BundlingSettings

    @field_validator("rule")
    @classmethod
    def _rule_exists(cls, name: str) -> str:
        rule_named(name)
        return name

    @field_validator("own_rules")
    @classmethod
    def _rules_exist(cls, rules: dict[str, str]) -> dict[str, str]:
        for name in rules.values():
            rule_named(name)
        return rules

    def rule_of(self, courier: str) -> DispatchRule:
        """Give the rule by which a courier dispatches."""
        return rule_named(self.own_rules.get(courier, self.rule))


def pickup_cost(
    drive_s: Floats,
    ready_in_s: Floats,
    age_s: Floats,
    wait_weight: float,
    age_weight: float,
    max_drive_s: float,
    candidates: int,
) -> Floats:
    """Compute what it costs to send each driver for each order, in seconds of driving.

    Parameters
    ----------
    drive_s
        float64 [P, I], drive of each idle driver to each order's store.
    ready_in_s
        float64 [P], time until the order is packed, negative when it is.
    age_s
        float64 [P], time since the order was placed.
    wait_weight, age_weight
        See `DispatchSettings`.
    max_drive_s, candidates
        Reach, and the number of nearest drivers among whom an order's is.

    Returns
    -------
    float64 [P, I], inf where the driver is beyond reach or not among the order's nearest candidates.
    """
    reach_s = np.full(len(drive_s), max_drive_s)
    if drive_s.shape[1] > candidates:
        reach_s = np.minimum(reach_s, np.partition(drive_s, candidates - 1, axis=1)[:, candidates - 1])
    return _within_reach(drive_s, ready_in_s, age_s, wait_weight, age_weight, reach_s)


@njit(cache=True)
def _within_reach(
    drive_s: Floats, ready_in_s: Floats, age_s: Floats, wait_weight: float, age_weight: float, reach_s: Floats
) -> Floats:
    orders, drivers = drive_s.shape
    cost = np.full((orders, drivers), np.inf)
    for p in range(orders):
        for i in range(drivers):
            if drive_s[p, i] <= reach_s[p]:
                wait_s = max(0.0, ready_in_s[p] - drive_s[p, i])
                cost[p, i] = drive_s[p, i] + wait_weight * wait_s - age_weight * age_s[p]
    return cost


@bundled_rule("lap_bundled")
@dispatch_rule("lap")
def lap(cost: Floats) -> Pairs:
    """Match as many orders as can be at the least total cost (a rectangular linear assignment problem).

    Parameters
    ----------
    cost
        float64 [P, I], inf for pairs that must not be.

    Returns
    -------
    Rows and columns of the pairs, rows in order.
    """
    possible = np.isfinite(cost)
    if not possible.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    finite = cost[possible]
    never = (finite.max() - finite.min() + 1) * (min(cost.shape) + 1) + finite.max()
    rows, columns = linear_sum_assignment(np.where(possible, cost, never))
    kept = possible[rows, columns]
    return rows[kept], columns[kept]


@dispatch_rule("nearest_immediate")
def nearest_immediate(cost: Floats) -> Pairs:
    """Serve orders one after the other, each by the driver who is cheapest for it among those left.

    Parameters
    ----------
    cost
        float64 [P, I], inf for pairs that must not be.

    Returns
    -------
    Rows and columns of the pairs, rows in order.
    """
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
    """Serve orders strictly in turn, each by its cheapest driver: while the first cannot be served, none behind it is.

    Parameters
    ----------
    cost
        float64 [P, I], inf for pairs that must not be.

    Returns
    -------
    Rows and columns of the pairs, rows in order.
    """
    rows, columns = nearest_immediate(cost)
    in_turn = rows == np.arange(len(rows))
    served = len(rows) if in_turn.all() else int(in_turn.argmin())
    return rows[:served], columns[:served]


@dispatch_rule("nearest_waiting")
def nearest_waiting(cost: Floats) -> Pairs:
    """Let drivers choose, one after the other, each the order that is cheapest among those left.

    Parameters
    ----------
    cost
        float64 [P, I], inf for pairs that must not be.

    Returns
    -------
    Rows and columns of the pairs, rows in order.
    """
    columns, rows = nearest_immediate(cost.T)
    by_row = np.argsort(rows, kind="stable")
    return rows[by_row], columns[by_row]


@dispatch_rule("greedy")
def greedy(cost: Floats) -> Pairs:
    """Make the cheapest pair of all, then the cheapest of what is left, and so on.

    Parameters
    ----------
    cost
        float64 [P, I], inf for pairs that must not be.

    Returns
    -------
    Rows and columns of the pairs, rows in order.
    """
    left = cost.copy()
    pairs = []
    while left.size and np.isfinite(best := left.min()):
        row, column = np.argwhere(left == best)[0].tolist()
        pairs.append((row, column))
        left[row] = left[:, column] = np.inf
    pairs.sort()
    return np.array([row for row, _ in pairs], np.int64), np.array([column for _, column in pairs], np.int64)
