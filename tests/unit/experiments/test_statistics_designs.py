"""Sensitivity, surfaces, thresholds, signs, stopping, power, pairing: against exact values and other people's code."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from scipy import stats

from galleria.experiments.design.samples import morris as morris_sample
from galleria.experiments.design.samples import sobol_indices
from galleria.experiments.statistics import (
    Indices,
    StoppingRule,
    Target,
    detectable_difference,
    find_threshold,
    fit_surface,
    morris,
    noise_share,
    pairing_gain,
    power,
    replications_needed,
    sign_stability,
    sobol,
)
from galleria.experiments.statistics.signs import wilson
from galleria.experiments.statistics.surface import GaussianProcess, Quadratic

PROBLEM = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}


def ishigami(shares: np.ndarray) -> np.ndarray:
    """Return Ishigami's function of points in the unit cube (a = 7, b = .1)."""
    a, b, c = (math.pi * (2 * shares - 1)).T
    return np.asarray(np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))


def replicated(outcome: np.ndarray, sd: float = 0.0, n: int = 4) -> np.ndarray:
    return outcome[:, None] + np.random.default_rng(1).normal(0, sd, (len(outcome), n))


def by_index(indices: Indices) -> dict[str, np.ndarray]:
    """Return index -> float64[factors, 3], value and ends of the interval."""
    return {str(name): rows[["value", "low", "high"]].to_numpy() for name, rows in indices.frame.groupby("index")}


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_ishigami(second_order: bool) -> None:  # noqa: FBT001
    x = sobol_indices(_settings(points=1024, second_order=second_order), 3)
    found = by_index(sobol(replicated(ishigami(x)), 3, seed=0, second_order=second_order))
    # Exact values from the variance decomposition (Ishigami and Homma 1990).
    for index, exact in {"S1": [0.3139, 0.4424, 0.0], "ST": [0.5576, 0.4424, 0.2437]}.items():
        value, low, high = found[index].T
        assert value == pytest.approx(exact, abs=0.03)
        assert (low <= value).all()
        assert (value <= high).all()
        assert (low - 0.01 <= exact).all()
        assert (exact <= high + 0.01).all()


def test_sobol_indices_are_those_of_salib() -> None:
    x = sobol_indices(_settings(points=256, second_order=False), 3)
    y = ishigami(x) + 30
    ours = by_index(sobol(replicated(y), 3, seed=0))
    theirs = salib_sobol.analyze(PROBLEM, y, calc_second_order=False, seed=1, num_resamples=10)
    for index in ("S1", "ST"):
        assert ours[index][:, 0] == pytest.approx(theirs[index], abs=0.006)


def test_a_failed_point_costs_its_base_point_only() -> None:
    x = sobol_indices(_settings(points=256, second_order=False), 3)
    y = replicated(ishigami(x))
    y[7] = np.nan
    indices = sobol(y, 3, seed=0)
    assert indices.used == 255
    assert indices.frame["value"].notna().all()


def test_chance_of_replications_adds_nothing_to_sobol_indices() -> None:
    # a + b/2 on the unit cube, and a third factor without effect: S1 = ST = .8, .2, 0. Chance of twice the variance,
    # of which half is shared by all points.
    exact, rng = [0.8, 0.2, 0.0], np.random.default_rng(5)
    x = sobol_indices(_settings(points=1024, second_order=False), 3)
    signal = x @ [1.0, 0.5, 0.0]
    sd = math.sqrt(5 / 4 / 12)
    y = signal[:, None] + rng.normal(0, sd, 3) + rng.normal(0, sd, (len(x), 3))
    found = by_index(sobol(y, 3, seed=0))
    for index in ("S1", "ST"):
        value, low, high = found[index].T
        assert value == pytest.approx(exact, abs=0.1)
        assert (low <= exact).all()
        assert (exact <= high).all()
    # One replication cannot be told from effects: half of the variance is chance, and every factor seems to have it.
    assert by_index(sobol(y[:, :1], 3, seed=0))["ST"][2, 0] > 0.4


def test_sobol_indices_under_chance_are_right_on_average_with_failed_runs_too() -> None:
    x = sobol_indices(_settings(points=64, second_order=True), 2)
    signal, totals = x @ [1.0, 0.5], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        y = signal[:, None] + rng.normal(0, 0.3, (len(x), 4))
        y[rng.random(y.shape) < 0.02] = np.nan
        totals.append(by_index(sobol(y, 2, seed=0, second_order=True))["ST"][:, 0])
    error = np.std(totals, axis=0, ddof=1) / math.sqrt(60)
    assert (np.abs(np.mean(totals, axis=0) - [0.8, 0.2]) < 4 * error + 0.02).all()


def test_without_effects_sobol_indices_are_not_known() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (64 * 5, 2))
    frame = sobol(noise, 3, seed=0).frame
    assert (frame["value"].isna() | (frame["low"].isna())).all()


def test_morris_effects_are_those_of_salib() -> None:
    x = morris_sample(_settings(trajectories=20, levels=4), 3)
    y = ishigami(x)
    ours = by_index(morris(x, replicated(y), seed=0))
    theirs = salib_morris.analyze(PROBLEM, x, y, num_levels=4, seed=1)
    for index in ("mu", "mu_star", "sigma"):
        assert ours[index][:, 0] == pytest.approx(np.asarray(theirs[index]), rel=1e-9)


def test_morris_effects_of_a_line_are_its_slopes_without_spread() -> None:
    x = morris_sample(_settings(trajectories=6, levels=4), 3)
    found = by_index(morris(x, replicated(x @ [3.0, -2.0, 0.0]), seed=0))
    assert found["mu"][:, 0] == pytest.approx([3, -2, 0], abs=1e-9)
    assert found["mu_star"][:, 2] == pytest.approx([3, 2, 0], abs=1e-9)
    assert found["sigma"] == pytest.approx(np.zeros((3, 3)), abs=1e-6)


def test_points_that_are_no_trajectories_are_refused() -> None:
    with pytest.raises(ValueError, match="trajectories"):
        morris(np.random.default_rng(0).random((8, 3)), np.ones((8, 2)), seed=0)
    with pytest.raises(ValueError, match="Saltelli"):
        sobol(np.ones((8, 2)), 3, seed=0)


def test_noise_share_is_the_part_of_the_variance_that_is_chance() -> None:
    rng = np.random.default_rng(4)
    signal = rng.normal(0, 1, 4000)
    # Four replications of sd 1: a quarter of chance on one of signal.
    assert noise_share(signal[:, None] + rng.normal(0, 1, (4000, 4))) == pytest.approx(0.2, abs=0.02)
    assert math.isnan(noise_share(signal[:, None]))
    shared = 50 * rng.normal(0, 1, 4)
    assert noise_share(signal[:, None] + shared) == pytest.approx(0, abs=1e-9), "luck that all points share is none"


def test_a_quadratic_is_found_exactly_and_its_left_out_errors_are_those_of_refitting() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((30, 2))
    y = 1 + 2 * x[:, 0] - x[:, 1] ** 2 + 3 * x[:, 0] * x[:, 1]
    assert Quadratic.fit(x, y).predict([[0.5, 0.5]])[0] == pytest.approx(2.5)
    noisy = y + rng.normal(0, 0.1, 30)
    keep = np.arange(30) != 7
    assert Quadratic.fit(x, noisy).left_out[7] == pytest.approx(Quadratic.fit(x[keep], noisy[keep]).predict(x[[7]])[0])


def test_a_gaussian_process_follows_what_no_quadratic_can() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((60, 2))
    y = np.sin(6 * x[:, 0]) + x[:, 1]
    fitted = fit_surface(x, y + rng.normal(0, 0.02, 60))
    assert fitted.kind == "Gaussian process"
    assert fitted.error < 0.06 < fitted.tried["quadratic"]
    assert fitted.explained > 0.98
    grid = rng.random((200, 2))
    assert fitted.surface.predict(grid) == pytest.approx(np.sin(6 * grid[:, 0]) + grid[:, 1], abs=0.15)


def test_left_out_predictions_of_the_process_are_those_of_leaving_out() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((12, 1))
    y = np.cos(4 * x[:, 0]) + rng.normal(0, 0.1, 12)
    process = GaussianProcess.fit(x, y)
    keep = np.arange(12) != 5
    squares = (x[keep][:, None] - x[keep][None]) ** 2
    length, signal, noise = np.exp(process.logs)
    kernel = signal**2 * np.exp(-squares[..., 0] / (2 * length**2)) + noise**2 * np.eye(11)
    across = signal**2 * np.exp(-((x[5] - x[keep][:, 0]) ** 2) / (2 * length**2))
    standard = (y[keep] - process.centre) / process.spread
    assert process.left_out[5] == pytest.approx(
        process.centre + process.spread * across @ np.linalg.solve(kernel, standard)
    )


def test_the_likelihoods_gradient_is_its_derivative() -> None:
    from scipy.optimize import check_grad  # noqa: PLC0415

    from galleria.experiments.statistics.surface import _cost  # noqa: PLC0415

    rng = np.random.default_rng(0)
    x, y = rng.random((15, 2)), rng.normal(size=15)
    squares = (x[:, None] - x[None]) ** 2
    at = np.array([-0.5, 0.3, 0.1, -1.0])

    def cost(logs: np.ndarray) -> float:
        return _cost(logs, squares, y)[0]

    def gradient(logs: np.ndarray) -> np.ndarray:
        return _cost(logs, squares, y)[1]

    assert check_grad(cost, gradient, at) < 1e-4


def test_few_points_give_no_surface() -> None:
    with pytest.raises(ValueError, match="too few"):
        fit_surface(np.random.default_rng(0).random((4, 3)), np.ones(4))


LEVELS = np.linspace(0, 1, 11)


def noisy(outcome: np.ndarray, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return outcome[:, None] + rng.normal(0, 0.3, 8) + rng.normal(0, 0.05, (len(outcome), 8))


def test_a_kink_and_a_jump_are_found_where_they_are() -> None:
    kink = find_threshold(LEVELS, noisy(2 * np.maximum(LEVELS - 0.4, 0)), seed=1)
    assert kink.shape == "kink"
    assert kink.at == pytest.approx(0.4, abs=0.051)
    assert kink.low <= 0.4 <= kink.high
    assert kink.change == pytest.approx(2, abs=0.3)
    assert kink.p < 0.01
    jump = find_threshold(LEVELS, noisy(LEVELS + (LEVELS > 0.65)), seed=1)
    assert jump.shape == "jump"
    assert jump.at == pytest.approx(0.65)
    assert jump.change == pytest.approx(1, abs=0.2)


def test_thresholds_need_levels_and_replications() -> None:
    with pytest.raises(ValueError, match="five levels"):
        find_threshold([0, 1, 2, 3], np.ones((4, 8)), seed=0)
    with pytest.raises(ValueError, match="three complete"):
        find_threshold(LEVELS, np.ones((11, 2)), seed=0)


def test_signs_are_counted_over_points() -> None:
    values = np.array([[1.0, 1.1, 1.2], [2.0, 2.1, 2.2], [-1.0, -1.1, -1.2], [0.1, -0.2, 0.2]])
    found = sign_stability(values, np.zeros((4, 3)))
    assert (found.points, found.positive, found.negative, found.unclear, found.sign) == (4, 2, 1, 1, 1)
    assert found.share == 0.75
    assert found.low < 0.75 < found.high


def test_wilson_is_wilsons() -> None:
    oracle = stats.binomtest(45, 50).proportion_ci(method="wilson")
    assert wilson(45, 50) == pytest.approx((oracle.low, oracle.high), abs=1e-6)


def test_pairing_gain_is_the_ratio_of_variances() -> None:
    rng = np.random.default_rng(0)
    shared = rng.normal(0, 3, 20000)
    gain = pairing_gain(shared + rng.normal(0, 1, 20000), shared + rng.normal(0, 1, 20000))
    assert float(gain.ratio) == pytest.approx((2 * 10) / 2, rel=0.05)
    assert math.isnan(float(pairing_gain([1.0], [2.0]).ratio))
    assert math.isinf(float(pairing_gain([1.0, 2.0], [2.0, 3.0]).ratio))


def test_power_is_that_of_simulated_experiments() -> None:
    rng = np.random.default_rng(0)
    seen = float((stats.ttest_1samp(rng.normal(1.0, 1.5, (4000, 10)), 0, axis=1).pvalue < 0.05).mean())
    # Standard error of the simulated share is 0.008.
    assert power(10, sd=1.5, difference=1.0) == pytest.approx(seen, abs=0.03)
    assert power(10, sd=1.5, difference=0.0) == pytest.approx(0.05)
    assert power(10, sd=1.0, difference=1e6) == 1.0
    # The library's other tail is no number here and there.
    rising = [power(n, 1.0, d) for n in (2, 3, 8, 12, 40) for d in np.arange(0, 15, 0.25)]
    assert np.isfinite(rising).all()
    assert max(rising) <= 1.0


def test_replications_needed_is_the_fewest_that_suffice() -> None:
    n = replications_needed(sd=2.0, difference=-1.0)
    assert power(n, 2.0, -1.0) >= 0.8 > power(n - 1, 2.0, -1.0)
    assert n == 34  # G*Power 3.1, one-sample t test, d = .5, two-sided 5 %, power .8
    assert replications_needed(sd=0.0, difference=1.0) == 2
    assert power(n, 2.0, detectable_difference(n, 2.0)) == pytest.approx(0.8, abs=1e-4)
    with pytest.raises(ValueError, match="zero"):
        replications_needed(1.0, 0.0)


RULE = StoppingRule({"orders": Target(absolute=2.0)}, fewest=5, most=40)


def test_the_rule_asks_for_its_least_number_first() -> None:
    decision = RULE.decide({"orders": [1.0, 1.0, 1.0]})
    assert (decision.stop, decision.next_n) == (False, 5)


def test_the_rule_stops_when_every_target_is_reached_and_says_why() -> None:
    decision = RULE.decide({"orders": [10.0, 10.5, 9.5, 10.0, 10.2]})
    assert decision.stop
    assert decision.reached
    assert decision.reason == "all 1 targets reached with 5 replications"


def test_the_rule_jumps_to_what_the_spread_asks_for_and_ends_at_the_most() -> None:
    values = np.random.default_rng(0).normal(0, 4, 10)
    decision = RULE.decide({"orders": values})
    halves = {n: stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / math.sqrt(n) for n in range(11, 40)}
    assert decision.next_n == min(n for n, half in halves.items() if half <= 2.0)
    assert "orders: half-width" in decision.reason
    ended = RULE.decide({"orders": np.random.default_rng(0).normal(0, 40, 40)})
    assert ended.stop
    assert not ended.reached
    assert "40 replications are the most allowed" in ended.reason


def test_a_measure_that_was_never_seen_holds_the_rule_open() -> None:
    decision = RULE.decide({"orders": [np.nan] * 6})
    assert (decision.stop, decision.next_n) == (False, 7)


def test_relative_and_absolute_targets_are_alternatives() -> None:
    assert Target(absolute=0.5, relative=0.1).half_width(20.0) == 2.0
    assert Target(absolute=0.5, relative=0.1).half_width(0.0) == 0.5
    with pytest.raises(ValueError, match="above zero"):
        Target()
    with pytest.raises(ValueError, match="fewest"):
        StoppingRule({"a": Target(absolute=1)}, fewest=1, most=3)


def _settings(**given: object) -> SimpleNamespace:
    known = {"kind": "test", "points": None, "trajectories": None, "levels": None, "second_order": False, "seed": 5}
    return SimpleNamespace(**{**known, **given})
