"""Dispatch: which waiting order is offered to which idle driver (model 7.5).

A rule sees a matrix of costs, orders in the order of their placement by idle drivers, and gives pairs. Rules are found
by name; a new one is a function with `@dispatch_rule("name")` above it. `@bundled_rule("name")` makes a rule for rows
that are bundles of orders, with drivers who are about to be free among the columns (`agents.dispatch.bundled`).
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from pydantic import Field, field_validator
from scipy.optimize import linear_sum_assignment

from agents.dispatch.bundled import BundlingSettings
from agents.kernel.arrays import Floats, Ints
from agents.kernel.noise import paired_uniform
from agents.kernel.parameters import NonNegative, Parameters, Positive, Share
from agents.kernel.roads import Roads, arrival_s

type Pairs = tuple[Ints, Ints]
type Match = Callable[[Floats], Pairs]

TIE_S = 1e-3
"""Ties between drivers are broken by noise of at most so many seconds."""


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
    offer_expiry_s: NonNegative
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
        """Return the rule by which a courier dispatches."""
        return rule_named(self.own_rules.get(courier, self.rule))


class Pauses(NamedTuple):
    """Who has just declined what and is not asked again for a while: orders and drivers by row, int64 [p] each."""

    order: Ints
    driver: Ints


@njit(cache=True)
def pickup_costs(
    roads: Roads,
    place: Ints,
    origin: Ints,
    ready_s: Floats,
    placed_s: Floats,
    now_s: float,
    wait_weight: float,
    age_weight: float,
    max_drive_s: float,
    candidates: int,
) -> Floats:
    """Compute what it costs to send each of I drivers for each of P orders, in seconds of driving.

    Parameters
    ----------
    roads
        Travel times.
    place
        int [I], where the drivers are.
    origin, ready_s, placed_s
        [P], the orders' stores, and when each is packed and was placed.
    now_s, wait_weight, age_weight
        Time, and see `DispatchSettings`.
    max_drive_s, candidates
        Reach, and the number of nearest drivers among whom an order's is.

    Returns
    -------
    float64 [P, I], inf where the driver is beyond reach or not among the order's nearest candidates.
    """
    cost = np.full((len(origin), len(place)), np.inf)
    drive_s = np.empty(len(place))
    reach_s = max_drive_s
    for p in range(len(origin)):
        if p == 0 or origin[p] != origin[p - 1]:
            for i in range(len(place)):
                drive_s[i] = arrival_s(roads, place[i], origin[p], now_s) - now_s
            reach_s = max_drive_s
            if len(place) > candidates:
                reach_s = min(reach_s, np.partition(drive_s, candidates - 1)[candidates - 1])
        for i in range(len(place)):
            if drive_s[i] <= reach_s:
                wait_s = max(0.0, ready_s[p] - now_s - drive_s[i])
                cost[p, i] = drive_s[i] + wait_weight * wait_s - age_weight * (now_s - placed_s[p])
    return cost


@njit(cache=True)
def break_ties(
    cost: Floats, first: Ints, member: Ints, tie_seed: NDArray[np.uint64], drivers: Ints, paused: Pauses
) -> None:
    """Add noise to the cost of pairs, in place, so that none are equal, and forbid those that were just declined.

    Parameters
    ----------
    cost
        float64 [B, I], of bundles and drivers.
    first, member
        int64 [B + 1], int64: bundle b has the orders `member[first[b] : first[b + 1]]`.
    tie_seed
        uint64 [m], of all orders; a bundle has that of its first.
    drivers
        int64 [I], rows in order.
    paused
        Pairs that must not be.
    """
    for b in range(len(first) - 1):
        for i in range(len(drivers)):
            cost[b, i] += TIE_S * paired_uniform(tie_seed[member[first[b]]], drivers[i])
        for k in range(len(paused.order)):
            if np.any(member[first[b] : first[b + 1]] == paused.order[k]):
                cost[b, drivers == paused.driver[k]] = np.inf


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
