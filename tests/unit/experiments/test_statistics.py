"""Intervals, paired differences, adjustment and the summary table, against numbers worked out elsewhere."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from galleria.experiments.statistics import (
    SUMMARY_COLUMNS,
    Cube,
    bootstrap_interval,
    holm,
    paired_difference,
    summarise,
    t_interval,
    t_p_value,
)


def long_table(values: dict[tuple[int, int], dict[str, float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the metrics and the plan of {(point, replication): {metric: value}}."""
    rows = [
        {"point": point, "replication": replication, "metric": metric, "unit": "orders", "value": value}
        for (point, replication), run in values.items()
        for metric, value in run.items()
    ]
    plan = pd.DataFrame([{"point": point, "replication": replication} for point, replication in values])
    return pd.DataFrame(rows), plan


def test_t_interval_is_students() -> None:
    values = np.array([3.1, 4.0, 5.2, 4.4, 3.9])
    oracle = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    estimate = t_interval(values)
    assert (estimate.low, estimate.high) == pytest.approx((oracle.low, oracle.high), rel=1e-12)
    assert estimate.n == 5


def test_t_interval_works_along_the_last_axis_and_passes_over_failed_runs() -> None:
    values = np.array([[1.0, 2.0, 3.0], [1.0, np.nan, 3.0], [np.nan] * 3])
    estimate = t_interval(values)
    assert estimate.n.tolist() == [3, 2, 0]
    assert estimate.mean.tolist()[:2] == [2.0, 2.0]
    assert np.isnan(estimate.mean[2])
    assert estimate.low[1] == pytest.approx(t_interval(np.array([1.0, 3.0])).low)


def test_one_observation_has_no_interval_and_no_p_value() -> None:
    estimate = t_interval(np.array([7.0]))
    assert estimate.mean == 7
    assert np.isnan([estimate.sd, estimate.low, estimate.high, t_p_value(estimate)]).all()


def test_no_variation_is_exact_even_when_sums_are_rounded() -> None:
    estimate = t_interval(np.full(7, 0.1))
    assert estimate.sd == 0
    assert estimate.low == estimate.high == estimate.mean == pytest.approx(0.1)


def test_paired_difference_removes_what_replications_share() -> None:
    shared = np.random.default_rng(1).normal(1000, 100, 12)
    estimate = paired_difference(shared + 3.0, shared)
    assert estimate.mean == pytest.approx(3.0)
    assert estimate.sd == pytest.approx(0, abs=1e-9)
    oracle = stats.ttest_rel([1.0, 2.0, 4.0], [0.0, 1.5, 1.0])
    ours = paired_difference([1.0, 2.0, 4.0], [0.0, 1.5, 1.0])
    assert t_p_value(ours) == pytest.approx(oracle.pvalue, rel=1e-12)
    assert ours.low == pytest.approx(oracle.confidence_interval().low)


def test_paired_difference_counts_only_complete_pairs() -> None:
    estimate = paired_difference([1.0, np.nan, 3.0, 4.0], [1.0, 2.0, np.nan, 2.0])
    assert estimate.n == 2
    assert estimate.mean == 1


def test_equal_measurements_differ_by_an_exact_zero() -> None:
    estimate = paired_difference([0.1 + 0.2, 1.0], [0.3, 1.0])
    assert estimate.mean == estimate.low == estimate.high == 0
    assert t_p_value(estimate) == 1


def test_a_difference_without_variation_is_certain() -> None:
    assert t_p_value(paired_difference([2.0, 3.0], [1.0, 2.0])) == 0


def test_holm_worked_example() -> None:
    # 4 x .01; max(.04, 3 x .03); max(.09, 2 x .03); .09 again: the textbook's step-down.
    assert holm([0.01, 0.03, 0.03, 0.05]).tolist() == pytest.approx([0.04, 0.09, 0.09, 0.09])
    assert holm([0.6, 0.9]).tolist() == [1.0, 1.0]


def test_holm_leaves_out_what_could_not_be_tested() -> None:
    adjusted = holm([np.nan, 0.02, 0.5])
    assert np.isnan(adjusted[0])
    assert adjusted[1:].tolist() == [0.04, 0.5]
    assert holm([]).size == 0
    assert np.isnan(holm([np.nan])).all()


def test_bootstrap_is_a_function_of_data_and_seed() -> None:
    values = np.random.default_rng(5).exponential(2.0, 20)
    assert bootstrap_interval(values, seed=3) == bootstrap_interval(values, seed=3)
    assert bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)
    low, high = bootstrap_interval(values, seed=3)
    assert high - values.mean() > values.mean() - low, "follows the long right tail"


def test_bootstrap_of_few_or_equal_observations() -> None:
    assert np.isnan(bootstrap_interval([1.0, 2.0, 3.0, 4.0], seed=0)).all()
    assert [float(end) for end in bootstrap_interval([2.0] * 6, seed=0)] == [2.0, 2.0]
    # One value apart from the others: most resamples are of equal values, and count as no observation of t.
    low, high = bootstrap_interval([2.0, 2.0, 2.0, 2.0, 2.0, 3.0], seed=0)
    assert np.isfinite([low, high]).all()


def test_bootstrap_of_many_rows_is_that_of_each() -> None:
    rows = np.random.default_rng(6).normal(3.0, 1.0, (2, 3, 8))
    rows[0, 1, 2] = np.nan
    rows[1, 2, :4] = np.nan
    low, high = bootstrap_interval(rows, seed=3)
    assert low.shape == high.shape == (2, 3)
    for place in np.ndindex(2, 3):
        np.testing.assert_array_equal((low[place], high[place]), bootstrap_interval(rows[place], seed=3))


def test_bootstrap_resamples_observations() -> None:
    values = np.array([1.0, 4.0, 2.0, 8.0, 3.0, 5.0])
    rng = np.random.default_rng(12)
    sample = values[rng.integers(0, 6, (100_000, 6))]
    sample = sample[sample.std(axis=1) > 0]
    t = (sample.mean(axis=1) - values.mean()) / (sample.std(axis=1, ddof=1) / np.sqrt(6))
    error = values.std(ddof=1) / np.sqrt(6)
    ends = values.mean() - np.quantile(t, [0.975, 0.025]) * error
    found = bootstrap_interval(values, seed=1, resamples=100_000)
    # Ends of two Monte-Carlo samples of this size differ by less than a fiftieth of the interval.
    assert np.abs(np.array(found) - ends).max() < (ends[1] - ends[0]) / 50


def test_summary_has_the_columns_of_the_contract_and_a_row_a_point_and_metric() -> None:
    metrics, plan = long_table(
        {(point, rep): {"orders": 10.0 * point + rep, "fee": 4.0} for point in (0, 1) for rep in (0, 1, 2)}
    )
    summary = summarise(metrics, plan, baseline_point=0)
    assert tuple(summary.columns) == SUMMARY_COLUMNS
    assert summary[["point", "metric"]].to_numpy().tolist() == [
        [0, "orders"],
        [0, "fee"],
        [1, "orders"],
        [1, "fee"],
    ]
    orders = summary.query("point == 1 and metric == 'orders'").iloc[0]
    assert (orders["diff"], orders["diff_ci_low"], orders["p_adjusted"]) == (10, 10, 0)
    base = summary.query("point == 0 and metric == 'orders'").iloc[0]
    assert base["diff"] == 0
    assert np.isnan(base["p_adjusted"])
    fee = summary.query("point == 1 and metric == 'fee'").iloc[0]
    assert (fee["ci_low"], fee["ci_high"], fee["diff"], fee["p_adjusted"]) == (4, 4, 0, 1)


def test_summary_keeps_a_point_whose_runs_all_failed() -> None:
    metrics, plan = long_table({(0, 0): {"orders": 1.0}, (0, 1): {"orders": 2.0}, (1, 0): {}, (1, 1): {}})
    failed = summarise(metrics, plan, baseline_point=0).query("point == 1").iloc[0]
    assert failed["n"] == 0
    assert np.isnan(failed["mean"])
    assert np.isnan(failed["diff"])


def test_summary_without_a_baseline_compares_nothing() -> None:
    metrics, plan = long_table({(0, 0): {"orders": 1.0}})
    summary = summarise(metrics, plan, baseline_point=None)
    assert summary["mean"].tolist() == [1.0]
    assert summary[["diff", "diff_ci_low", "p_adjusted"]].isna().all().all()


def test_summary_does_not_depend_on_the_order_of_the_runs() -> None:
    rng = np.random.default_rng(0)
    metrics, plan = long_table({(p, r): {"a": rng.normal()} for p in range(3) for r in range(4)})
    shuffled = summarise(metrics.iloc[::-1], plan.sample(frac=1, random_state=1), baseline_point=1)
    pd.testing.assert_frame_equal(shuffled, summarise(metrics, plan, baseline_point=1))


def test_holm_in_the_summary_is_over_the_points_of_one_metric() -> None:
    rng = np.random.default_rng(2)
    metrics, plan = long_table({(p, r): {"a": rng.normal(p), "b": rng.normal()} for p in range(3) for r in range(6)})
    summary = summarise(metrics, plan, baseline_point=0).query("metric == 'a' and point > 0")
    cube = Cube.of_frames(metrics, plan)
    raw = [t_p_value(paired_difference(cube.at(p, "a"), cube.at(0, "a"))).item() for p in (1, 2)]
    assert summary["p_adjusted"].tolist() == pytest.approx(holm(raw).tolist())


def test_an_unknown_point_is_told() -> None:
    metrics, plan = long_table({(0, 0): {"orders": 1.0}})
    with pytest.raises(KeyError, match="point 4"):
        summarise(metrics, plan, baseline_point=4)
