"""Stored noise against the closed forms (model 7.2, M1, M6); four standard errors, seeds pinned."""

import numpy as np
import pytest

from agents.customers.choice import Nests, choose_channel, log_sum, positive_stable, probabilities
from models.demand.draw import draw_noise
from models.streams import Streams

N = 400_000
NAMES = ("mall_direct", "warehouse", "rival", "store_mall", "store_big_box", "none")
EULER = 0.5772156649015329
V = np.array([[-0.5, 1.0, 0.3, 0.4, -0.2, 0.0]])


def tree(delivery: float, store: float) -> Nests:
    return Nests(np.array([0, 0, 0, 1, 1, 2]), np.array([delivery, store, 1.0]))


@pytest.mark.parametrize(("delivery", "store"), [(1.0, 1.0), (0.7, 0.7), (0.4, 0.9)])
def test_choices_by_stored_noise_have_the_nested_shares(delivery: float, store: float) -> None:
    nests = tree(delivery, store)
    noise = draw_noise(N, 0, Streams(11, 0), NAMES, nests)
    share = np.bincount(choose_channel(V, noise), minlength=6) / N
    p = probabilities(V, nests)[0]
    assert (np.abs(share - p) < 4 * np.sqrt(p * (1 - p) / N)).all()


def test_the_best_utility_is_the_log_sum_and_eulers_constant_on_average() -> None:
    nests = tree(0.7, 0.7)
    best = (V + draw_noise(N, 0, Streams(12, 0), NAMES, nests)).max(axis=1)
    assert abs(best.mean() - log_sum(V, nests)[0] - EULER) < 4 * best.std() / np.sqrt(N)


def test_without_nests_odds_do_not_depend_on_the_rest_and_with_them_they_do() -> None:
    """Taking rivals away: odds of store against warehouse stay (IIA) at lambda 1, and shift to the nest below 1."""
    fewer = V.copy()
    fewer[0, 2] = -np.inf
    for dissimilarity, stays in ((1.0, True), (0.5, False)):
        nests = tree(dissimilarity, 1.0)
        noise = draw_noise(N, 0, Streams(13, 0), NAMES, nests)
        odds, error = [], 0.0
        for utility in (V, fewer):
            count = np.bincount(choose_channel(utility, noise), minlength=6)
            odds.append(np.log(count[1] / count[3]))
            error += 1 / count[1] + 1 / count[3]
        assert (abs(odds[1] - odds[0]) < 4 * np.sqrt(error)) == stays


@pytest.mark.parametrize("index", [0.3, 0.5, 0.7, 0.95])
def test_kanters_variates_have_the_stable_laplace_transform(index: float) -> None:
    """E exp(-t S) = exp(-t^index)."""
    rng = np.random.default_rng(14)
    drawn = positive_stable(index, rng.uniform(0, np.pi, N), rng.standard_exponential(N))
    for t in (0.2, 1.0, 3.0):
        sample = np.exp(-t * drawn)
        assert abs(sample.mean() - np.exp(-(t**index))) < 4 * sample.std() / np.sqrt(N)


def test_taken_by_name_noise_of_channels_in_a_nest_moves_together() -> None:
    """Correlation of the noise within a nest is 1 - lambda^2."""
    noise = draw_noise(N, 0, Streams(15, 0), NAMES, tree(0.6, 1.0))
    correlation = np.asarray(np.corrcoef(noise.T))
    assert correlation[0, 1] == pytest.approx(1 - 0.36, abs=0.01)
    assert abs(correlation[0, 3]) < 4 / np.sqrt(N)
    assert abs(correlation[3, 4]) < 4 / np.sqrt(N)
