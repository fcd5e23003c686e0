"""Choices: stored tastes against logit and nested logit in closed form, and what pairing runs is worth (M1, M6)."""

import numpy as np

from galleria.agents.customers.choice import Nests, choose_channel, log_sum, positive_stable, probabilities
from galleria.agents.drivers.acceptance import accept
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.experiments.verification.findings import Finding, bound, near, of_chance
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.worlds import run_of
from galleria.models.demand.draw import draw_noise
from galleria.models.streams import Streams

N = 400_000
NAMES = ("mall_direct", "warehouse", "rival", "store_mall", "store_big_box", "none")
EULER = 0.5772156649015329
V = np.array([[-0.5, 1.0, 0.3, 0.4, -0.2, 0.0]])
FEWER = np.where(np.arange(6) == 2, -np.inf, V)
"""The same without the rival."""


def tree(delivery: float, store: float) -> Nests:
    """Return three couriers in a nest, two stores in another, and not buying."""
    return Nests(np.array([0, 0, 0, 1, 1, 2]), np.array([delivery, store, 1.0]))


TREES = {"plain": (1.0, 1.0), "nested": (0.7, 0.7), "deep": (0.4, 0.9)}


@row(
    "M1",
    "400,000 shoppers of the same utilities",
    cases={
        f"{name}, {channel}": {"lambdas": lambdas, "channel": k}
        for name, lambdas in TREES.items()
        for k, channel in enumerate(("mall direct", "warehouse", "rival", "mall", "big box", "none"))
    },
)
def shares(lambdas: tuple[float, float], channel: int) -> Finding:
    """Share of those who choose a channel by stored tastes."""
    nests = tree(*lambdas)
    chosen = choose_channel(V, draw_noise(N, 0, Streams(11, 0), NAMES, nests))
    return of_chance(chosen == channel, float(probabilities(V, nests)[0, channel]))


@row("M1.best", "400,000 shoppers, lambda .7", oracle="log-sum and Euler's constant")
def best_utility() -> Finding:
    """Mean utility of the best channel."""
    nests = tree(0.7, 0.7)
    best = (V + draw_noise(N, 0, Streams(12, 0), NAMES, nests)).max(axis=1)
    error = float(best.std() / np.sqrt(N))
    return near(best.mean(), float(log_sum(V, nests)[0]) + EULER, by=4 * error, error=error)


def moved_odds(dissimilarity: float) -> tuple[float, float]:
    """Take the rival away; return how the log odds of warehouse against mall move, and the standard error."""
    noise = draw_noise(N, 0, Streams(13, 0), NAMES, tree(dissimilarity, 1.0))
    odds, variance = [], 0.0
    for utility in (V, FEWER):
        count = np.bincount(choose_channel(utility, noise), minlength=6)
        odds.append(np.log(count[1] / count[3]))
        variance += 1 / count[1] + 1 / count[3]
    return float(odds[1] - odds[0]), float(np.sqrt(variance))


@row("M1.IIA", "lambda 1, with and without a third channel", oracle="independence of irrelevant alternatives")
def independence() -> Finding:
    """Move of the log odds of warehouse against mall when a rival leaves."""
    moved, error = moved_odds(1.0)
    return near(moved, 0.0, by=4 * error, error=error)


@row("M1.nest", "lambda .5, with and without a third channel")
def dependence() -> Finding:
    """Move of the log odds of warehouse against mall when a rival of its nest leaves."""
    nests = tree(0.5, 1.0)
    before, after = (np.log(probabilities(utility, nests)[0, [1, 3]]) for utility in (V, FEWER))
    expected = float((after[0] - after[1]) - (before[0] - before[1]))
    moved, error = moved_odds(0.5)
    return near(moved, expected, by=4 * error, error=error)


@row(
    "M1.stable",
    "400,000 of Kanter's variates",
    oracle="exp(-t^index)",
    cases={
        f"index {index}, t {t}": {"index": index, "t": t} for index in (0.3, 0.5, 0.7, 0.95) for t in (0.2, 1.0, 3.0)
    },
)
def laplace(index: float, t: float) -> Finding:
    """Laplace transform of positive stable variates."""
    rng = np.random.default_rng(14)
    sample = np.exp(-t * positive_stable(index, rng.uniform(0, np.pi, N), rng.standard_exponential(N)))
    error = float(sample.std() / np.sqrt(N))
    return near(sample.mean(), np.exp(-(t**index)), by=4 * error, error=error)


PAIRS = {
    "within a nest": {"pair": (0, 1), "expected": 1 - 0.36},
    "across nests": {"pair": (0, 3), "expected": 0.0},
    "where lambda is 1": {"pair": (3, 4), "expected": 0.0},
}


@row("M1.correlation", "400,000 shoppers, lambda .6", oracle="1 - lambda^2", cases=PAIRS)
def correlation(pair: tuple[int, int], expected: float) -> Finding:
    """Correlation of the tastes for two channels."""
    noise = draw_noise(N, 0, Streams(15, 0), NAMES, tree(0.6, 1.0))
    found = float(np.corrcoef(noise[:, pair[0]], noise[:, pair[1]])[0, 1])
    return near(found, expected, by=0.01 if expected else 4 / np.sqrt(N))


@row("M1.accept", "200,000 drivers, scale 1.5 $", cases={f"gain {g} $": {"gain": g} for g in (-2.0, 0.0, 1.0)})
def accepts(gain: float) -> Finding:
    """Share of drivers who accept an offer, logistic odds."""
    zero = np.zeros(200_000)
    yes: Bools = accept(zero + gain, zero, zero, zero, 0.2, 1.5, np.random.default_rng(31).random(len(zero)))
    return of_chance(yes, float(1 / (1 + np.exp(-gain / 1.5))))


def surpluses(fee_usd: float) -> Floats:
    """Return the consumer surplus of eight replications of a small town at a fee of mall-direct, $."""
    town = ("city=toy", "city.households=300", f"couriers.mall_direct.fee_usd={fee_usd}")
    runs = [run_of(*town, replication=k)[1].metrics.set_index("metric")["value"] for k in range(8)]
    return np.array([float(run["consumer_surplus_quoted_usd"]) for run in runs])


@row("M6", "a small town at two fees of mall-direct, 8 replications", oracle="ten times")
def pairing_pays() -> Finding:
    """Variance of a difference of consumer surplus without pairing over that with it."""
    base, other = surpluses(4.99), surpluses(3.99)
    unpaired = np.var(base, ddof=1) + np.var(other, ddof=1)
    return bound(unpaired / np.var(other - base, ddof=1), "at least", 10)


@row("M6.sign", "a small town at two fees of mall-direct, 8 replications", oracle="a lower fee")
def lower_fee_helps() -> Finding:
    """Mean rise of consumer surplus by a fee of 1 $ less, $."""
    difference = surpluses(3.99) - surpluses(4.99)
    return bound(difference.mean(), "at least", 2 * float(difference.std(ddof=1) / np.sqrt(8)))
