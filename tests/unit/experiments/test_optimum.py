"""Expected improvement, limits and the encoding of factors, on functions whose best point is known."""

import numpy as np
import pytest
from scipy.stats import norm

from galleria.experiments.design.factors import FactorSettings
from galleria.experiments.design.search_space import Space, tidy
from galleria.experiments.statistics.optimum import APART, Limited, Response, best_of, expected_improvement, propose

GRID = np.linspace(0, 1, 101)[:, None]


def response(function: np.ndarray, rows: list[int], noise: float = 1e-6) -> Response:
    return Response.fit(GRID[rows], function[rows], np.full(len(rows), noise))


def test_expected_improvement_is_the_mean_of_what_exceeds_the_best() -> None:
    draws = np.maximum(norm.ppf((np.arange(200_000) + 0.5) / 200_000) * 2 + 1 - 1.5, 0)
    assert expected_improvement(np.array([1.0]), np.array([2.0]), 1.5)[0] == pytest.approx(draws.mean(), rel=1e-3)
    assert expected_improvement(np.array([3.0]), np.array([0.0]), 1.0)[0] == pytest.approx(2.0)


def test_rounds_of_proposals_end_at_the_largest_value() -> None:
    function = -((GRID[:, 0] - 0.62) ** 2)
    rows = [0, 30, 95]
    for _ in range(4):
        rows += propose(response(function, rows), (), GRID[rows], GRID, 2, 1e-6)
    assert len(set(rows)) == len(rows)
    assert GRID[rows[int(np.argmax(function[rows]))], 0] == pytest.approx(0.62, abs=0.02)


def test_limits_hold_the_best_and_the_proposals_back() -> None:
    rising, rows = GRID[:, 0], [0, 20, 40, 60, 80, 100]
    limited = Limited(response(rising, rows), np.nan, 0.5)
    assert best_of(response(rising, rows), (limited,), GRID[rows]) == rows.index(40)
    [row] = propose(response(rising, rows), (limited,), GRID[rows], GRID, 1, 1e-6)
    assert 0.4 < GRID[row, 0] <= 0.51
    never = Limited(response(rising, rows), 2.0, np.nan)
    assert best_of(response(rising, rows), (never,), GRID[rows]) is None


def test_proposals_keep_apart() -> None:
    function, rows = np.sin(3 * GRID[:, 0]), [0, 50, 100]
    chosen = GRID[propose(response(function, rows), (), GRID[rows], GRID, 5, 1e-6), 0]
    assert np.diff(np.sort([*chosen, *GRID[rows, 0]])).min() > APART
    assert propose(response(function, rows), (), GRID[rows], GRID[rows], 5, 1e-6) == []


def test_noise_is_not_taken_for_improvement() -> None:
    rng = np.random.default_rng(3)
    rows = list(range(0, 101, 4))
    values = rng.normal(0, 1.0, len(rows))
    fitted = Response.fit(GRID[rows], values, np.full(len(rows), 1.0))
    mean, _ = fitted.at(GRID[rows])
    assert np.ptp(mean) < 0.5 * np.ptp(values)


def test_factors_become_columns_from_0_to_1() -> None:
    space = Space(
        {
            "a": FactorSettings(low=1.0, high=100.0, scale="log"),
            "b": FactorSettings(values=(2, 4, 8)),
            "c": FactorSettings(values=("none", "cap")),
        }
    )
    encoded = space.encode([{"a": 10.0, "b": 4, "c": "cap"}, {"a": 1.0, "b": 2, "c": "none"}])
    half = np.sqrt(0.5)
    np.testing.assert_allclose(encoded, [[0.5, 1 / 3, 0, half], [0, 0, half, 0]])
    drawn = space.candidates({"a": 10.0, "b": 4, "c": "cap"}, (1, 2))
    assert drawn == space.candidates({"a": 10.0, "b": 4, "c": "cap"}, (1, 2))
    assert {point["c"] for point in drawn} == {"none", "cap"}
    assert all(1.0 <= float(str(point["a"])) <= 100.0 for point in drawn)


@pytest.mark.parametrize(
    ("factor", "share", "level"),
    [
        (FactorSettings(low=0.0, high=10.0), 1 / 3, 3.33),
        (FactorSettings(low=60, high=400, integer=True), 0.5, 230),
        (FactorSettings(low=0.0, high=1.0), 0.12345, 0.123),
        (FactorSettings(low=0.001, high=1.0, scale="log"), 0.5, 0.03162),
        (FactorSettings(values=("a", "b")), 0.9, "b"),
    ],
)
def test_levels_are_rounded_to_a_thousandth_of_the_range(factor: FactorSettings, share: float, level: object) -> None:
    assert tidy(factor, share) == level
