"""Rank correlations with intervals."""

import numpy as np
import pytest
from scipy import stats

from galleria.experiments.report.trends import rank_correlation


def test_the_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 40))
    assert rank_correlation(x, x + y).rho == pytest.approx(stats.spearmanr(x, x + y).statistic)


def test_perfect_order_leaves_some_doubt() -> None:
    found = rank_correlation(np.arange(8.0), -(np.arange(8.0) ** 3))
    assert found.rho == pytest.approx(-1)
    assert -1 < found.low < found.high < -0.8


def test_a_constant_has_no_correlation() -> None:
    assert np.isnan(rank_correlation(np.arange(8.0), np.ones(8)).rho)


def test_intervals_cover_zero_for_independent_samples() -> None:
    rng = np.random.default_rng(1)
    found = [rank_correlation(*rng.normal(size=(2, 30))) for _ in range(400)]
    covered = np.mean([r.low <= 0 <= r.high for r in found])
    assert 0.93 <= covered <= 0.97
