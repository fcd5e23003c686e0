"""Scenario discovery: where in parameter space a sign turns, as a box (PRIM).

The patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9, 123-143) peels a box down until
one outcome is dense in it. Sides that may be luck are taken off by the quasi-p-values of Bryant and Lempert (2010,
Technological Forecasting and Social Change 77, 34-49), and the whole search is repeated on shuffled outcomes, since it
finds some box in any data. A test holds the peeling to EMA Workbench (Kwakkel 2017), which is no requirement, as it
brings a library under the GPL with it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc, xlogy

from galleria.experiments.statistics.intervals import Floats

Flags = NDArray[np.bool_]

LEAST_DRAWS = 24
"""Draws below which nothing is looked for."""
LEAST_OF_A_SIGN = 6
"""Draws of the rarer sign below which nothing is looked for."""

_PEELS = (0.1, 0.2, 0.4)
_SMALLEST = 0.1
_MOST_SIDES = 3
_SCREENED = 5
_QUASI_P = 0.05
_SHUFFLES = 199
_LEVEL = 0.01
"""Share of shuffles that may do as well: small, because a report looks at a dozen measures."""
_FOLDS = 5


@dataclass(frozen=True)
class Limit:
    """One side condition of a box.

    Attributes
    ----------
    column
        Of the parameters.
    low, high
        Between which it lies; infinite where that end is open.
    quasi_p
        Chance of as many outcomes in the box if they were as dense as without this limit (Bryant and Lempert 2010).
    """

    column: int
    low: float
    high: float
    quasi_p: float = np.nan


@dataclass(frozen=True)
class Box:
    """A part of parameter space in which one outcome is dense.

    Attributes
    ----------
    limits
        The most telling first.
    inside, hits
        Draws in it, and those of them with the outcome.
    outside, misses
        Draws elsewhere, and those of them with the outcome.
    chance
        Share of shuffled outcomes in which the same search finds as good a box.
    left_out
        Density in boxes found without the draws that are counted, over five folds; NaN where none fell into one.
    """

    limits: tuple[Limit, ...]
    inside: int
    hits: int
    outside: int
    misses: int
    chance: float
    left_out: float

    @property
    def density(self) -> float:
        """Share of the draws in the box that have the outcome."""
        return self.hits / self.inside

    @property
    def elsewhere(self) -> float:
        """Share of the draws outside that have the outcome."""
        return self.misses / self.outside if self.outside else np.nan

    @property
    def coverage(self) -> float:
        """Share of the draws with the outcome that are in the box."""
        return self.hits / (self.hits + self.misses)


def enough_draws(turned: ArrayLike) -> bool:
    """Say whether there are enough draws of either sign to look for where it turns."""
    flags = np.asarray(turned, np.bool_)
    return flags.size >= LEAST_DRAWS and min(int(flags.sum()), int((~flags).sum())) >= LEAST_OF_A_SIGN


def discover(parameters: ArrayLike, turned: ArrayLike, seed: int = 0) -> Box | None:
    """Find where an outcome is dense; None where shuffled outcomes give as good a box too often.

    Parameters
    ----------
    parameters
        float64[draws, parameters].
    turned
        bool[draws], the outcome looked for.
    seed
        Of the shuffles and folds.

    Raises
    ------
    ValueError
        There are too few draws, see `enough_draws`.
    """
    x, y = np.asarray(parameters, np.float64), np.asarray(turned, np.bool_)
    if not enough_draws(y):
        raise ValueError(f"{y.size} draws, {int(y.sum())} with the outcome: too few to tell")
    limits = telling_limits(x, y)
    if not limits:
        return None
    within = inside(x, limits)
    gain, rng = _gain(within, y), np.random.default_rng(seed)
    allowed, as_good = int(_LEVEL * (_SHUFFLES + 1)) - 1, 0
    for _ in range(_SHUFFLES):
        other = rng.permutation(y)
        as_good += _gain(inside(x, telling_limits(x, other)), other) >= gain
        if as_good > allowed:
            return None
    return Box(
        limits=limits,
        inside=int(within.sum()),
        hits=int((within & y).sum()),
        outside=int((~within).sum()),
        misses=int((~within & y).sum()),
        chance=(as_good + 1) / (_SHUFFLES + 1),
        left_out=_left_out(x, y, rng),
    )


def inside(parameters: ArrayLike, limits: Sequence[Limit]) -> Flags:
    """Say which draws are in a box, bool[draws]."""
    x = np.asarray(parameters, np.float64)
    within = np.ones(len(x), np.bool_)
    for limit in limits:
        within &= (x[:, limit.column] >= limit.low) & (x[:, limit.column] <= limit.high)
    return within


def telling_limits(x: Floats, y: Flags) -> tuple[Limit, ...]:
    """Return the limits of the best box of a peeling, at most three sides, each with a quasi-p-value up to 5 %.

    Only the parameters whose distributions differ most between the outcomes are peeled: with dozens the box would be
    luck.
    """
    columns = np.argsort(-differences(x, y), kind="stable")[:_SCREENED]
    screened = x[:, columns]
    # Patient and less patient: a single draw of the other outcome at an edge stops a peeling of few draws at a time.
    boxes = [ends for share in _PEELS for ends in peel(screened, y, share)[1:]]
    pruned = [_pruned(screened, y, ends) for ends in boxes]
    ends, _ = max(pruned, key=lambda box: _gain(_between(screened, box[0]), y))
    ends, quasi_p = _pruned(screened, y, _settled(screened, y, ends))
    limited = np.flatnonzero(np.isfinite(ends).any(axis=0))
    limits = [Limit(int(columns[i]), float(ends[0, i]), float(ends[1, i]), float(quasi_p[:, i].min())) for i in limited]
    return tuple(sorted(limits, key=lambda limit: limit.quasi_p))


def differences(x: Floats, y: Flags) -> Floats:
    """Return Kolmogorov and Smirnov's distance between the draws of either sign, float64[parameters]."""
    ranked = y[np.argsort(x, axis=0)]
    ahead = np.cumsum(ranked, axis=0) / max(int(y.sum()), 1) - np.cumsum(~ranked, axis=0) / max(int((~y).sum()), 1)
    return np.asarray(np.abs(ahead).max(axis=0))


def peel(x: Floats, y: Flags, share: float = 0.05) -> list[Floats]:
    """Return ever smaller boxes, float64[2, parameters] of lower and upper ends.

    Each is the last less a share of its draws, at one end of one parameter, without which the outcome is densest.
    """
    ends = np.stack([np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)])
    boxes, within, smallest = [ends], np.ones(len(x), np.bool_), max(_SMALLEST * len(x), 2)
    while True:
        here = x[within]
        kept = y[within]
        take = math.ceil(share * len(here))
        if len(here) - take < smallest:
            return boxes
        ranked = np.sort(here, axis=0)
        # Ends between two draws, so that a limit is no draw's own value.
        cut = np.stack([ranked[take - 1] + ranked[take], ranked[-take - 1] + ranked[-take]]) / 2
        keep = np.stack([here > cut[0], here < cut[1]])
        left = keep.sum(axis=1)
        possible = (left >= smallest) & (left < len(here))
        if not possible.any():
            return boxes
        density = np.where(possible, (keep & kept[:, None]).sum(axis=1) / np.maximum(left, 1), -1.0)
        end, column = np.unravel_index(int(density.argmax()), density.shape)
        ends = ends.copy()
        ends[end, column] = cut[end, column]
        boxes.append(ends)
        within = _between(x, ends)


def _between(x: Floats, ends: Floats) -> Flags:
    return np.asarray(((x >= ends[0]) & (x <= ends[1])).all(axis=1))


def _gain(within: Flags, y: Flags) -> float:
    """Return what a box tells of the outcome, nats over all draws."""
    return float(_told(within.sum(), (within & y).sum(), len(y), int(y.sum())))


def _told(inner: ArrayLike, hits: ArrayLike, n: int, all_hits: int) -> Floats:
    """Return the mutual information of box and outcome where the outcome is denser inside, else 0, times the draws."""
    inner, hits = np.asarray(inner, np.float64), np.asarray(hits, np.float64)
    parts = [(hits, inner, all_hits), (inner - hits, inner, n - all_hits)]
    parts += [(all_hits - hits, n - inner, all_hits), (n - inner - all_hits + hits, n - inner, n - all_hits)]
    told = sum(xlogy(count, count * n / np.maximum(row * column, 1)) for count, row, column in parts)
    return np.asarray(np.where((inner > 0) & (hits * n > inner * all_hits), told, 0.0))


def _pruned(x: Floats, y: Flags, ends: Floats) -> tuple[Floats, Floats]:
    """Take off sides that may be luck; return ends and quasi-p-values, float64[2, parameters] each, 1 for open ends.

    A side's quasi-p-value is the chance of at least as many outcomes in the box if they were as dense as without it.
    """
    ends, quasi_p = ends.copy(), np.ones(ends.shape)
    while np.isfinite(ends).any():
        end, column = np.nonzero(np.isfinite(ends))
        value = x[:, column].T
        beyond = np.where(end[:, None] == 0, value < ends[end, column][:, None], value > ends[end, column][:, None])
        count = beyond.sum(axis=0)
        within, wider = count == 0, count == beyond
        share = (wider & y).sum(axis=1) / np.maximum(wider.sum(axis=1), 1)
        n, hits = int(within.sum()), int((within & y).sum())
        chance = bdtrc(hits - 1, n, share) if hits else np.ones(len(share))
        if len(chance) <= _MOST_SIDES and chance.max() <= _QUASI_P:
            quasi_p[end, column] = chance
            break
        worst = int(chance.argmax())
        ends[end[worst], column[worst]] = np.inf if end[worst] else -np.inf
    return ends, quasi_p


def _settled(x: Floats, y: Flags, ends: Floats) -> Floats:
    """Move each side of a box to where it tells most, the others held, twice over: peeling went one way only."""
    ends = ends.copy()
    for _ in range(2):
        for end, column in np.argwhere(np.isfinite(ends)):
            wider = ends.copy()
            wider[end, column] = np.inf if end else -np.inf
            within = _between(x, wider)
            order = np.argsort(x[within, column])[:: 1 if end else -1]
            value = x[within, column][order]
            inner, hits = np.arange(1, len(value)), np.cumsum(y[within][order])[:-1]
            allowed = (inner >= _SMALLEST * len(x)) & (value[1:] != value[:-1])
            if allowed.any():
                best = int(np.where(allowed, _told(inner, hits, len(y), int(y.sum())), -1.0).argmax())
                ends[end, column] = (value[best] + value[best + 1]) / 2
    return ends


def _left_out(x: Floats, y: Flags, rng: np.random.Generator) -> float:
    fold, counted, hits = rng.permutation(len(y)) % _FOLDS, 0, 0
    for i in range(_FOLDS):
        train, test = fold != i, fold == i
        limits = telling_limits(x[train], y[train])
        within = inside(x[test], limits) if limits else np.zeros(int(test.sum()), np.bool_)
        counted, hits = counted + int(within.sum()), hits + int((within & y[test]).sum())
    return hits / counted if counted else np.nan
