"""Two results side by side: which points match, what is paired, and that differences are b less a."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from galleria.experiments.statistics import COMPARE_COLUMNS, Runs, bootstrap_interval, compare
from galleria.experiments.statistics.comparing import match_points, welch


def runs(points: list[dict[str, object]], values: np.ndarray, seed: int = 1, metric: str = "orders") -> Runs:
    """Make results with values[point, replication]."""
    plan = pd.DataFrame(
        [
            {"run_key": f"{seed}-{p}-{r}", "point": p, "replication": r, **levels}
            for p, levels in enumerate(points)
            for r in range(values.shape[1])
        ]
    )
    metrics = plan[["run_key", "point", "replication"]].assign(metric=metric, unit="1/day", value=values.ravel())
    return Runs(plan, plan[["run_key"]].assign(seed=seed), metrics.dropna())


RNG = np.random.default_rng(0)
SHARED = RNG.normal(100, 20, 6)
POOLS: list[dict[str, object]] = [{"pool": 100.0}, {"pool": 200.0}]
BASE = runs(POOLS, np.stack([SHARED, SHARED + 5]))


def test_the_same_seed_is_paired_and_the_difference_is_b_less_a() -> None:
    frame = compare(BASE, runs(POOLS[::-1], np.stack([SHARED + 7, SHARED + 1])))
    assert tuple(frame.columns) == COMPARE_COLUMNS
    assert frame["paired"].all()
    assert frame[["point_a", "point_b"]].to_numpy().tolist() == [[0, 1], [1, 0]]
    assert frame["diff"].tolist() == pytest.approx([1, 2])
    assert frame["diff_ci_low"].tolist() == pytest.approx([1, 2])


def test_pairs_have_a_bootstrap_interval_drawn_with_the_seed_of_the_runs() -> None:
    apart = RNG.exponential(2.0, (2, 6))
    frame = compare(BASE, runs(POOLS, np.stack([SHARED, SHARED + 5]) + apart))
    for row, differences in zip(frame.to_dict("records"), apart, strict=True):
        ends = bootstrap_interval(differences, seed=1)
        assert (row["boot_ci_low"], row["boot_ci_high"]) == pytest.approx(ends)
        assert row["boot_ci_low"] < row["diff"] < row["boot_ci_high"]
        assert row["boot_ci_high"] != pytest.approx(row["diff_ci_high"])
    one_lost = np.stack([SHARED, SHARED + 5]) + apart
    one_lost[0, 3] = np.nan
    low = compare(BASE, runs(POOLS, one_lost))["boot_ci_low"].iloc[0]
    assert low == pytest.approx(bootstrap_interval(np.delete(apart[0], 3), seed=1)[0])
    few = compare(runs(POOLS, np.stack([SHARED, SHARED])[:, :4]), runs(POOLS, one_lost[:, :4]))
    assert few["boot_ci_low"].isna().all()


def test_other_seeds_are_compared_as_independent_samples() -> None:
    other = RNG.normal(100, 20, (2, 8))
    frame = compare(BASE, runs(POOLS, other, seed=2))
    ends = frame[["diff_ci_low", "diff_ci_high"]].to_numpy()[0].tolist()
    assert not frame["paired"].any()
    assert frame[["boot_ci_low", "boot_ci_high"]].isna().all(axis=None)
    oracle = stats.ttest_ind(other[0], SHARED, equal_var=False)
    interval = oracle.confidence_interval()
    assert ends == pytest.approx([interval.low, interval.high])
    assert frame["p_adjusted"].notna().all()


def test_runs_without_a_partner_are_left_out_of_pairs() -> None:
    broken = np.stack([SHARED + 1, SHARED])
    broken[0, 2] = np.nan
    frame = compare(BASE, runs(POOLS, broken))
    assert frame["paired"].all()
    assert frame["n_a"].tolist() == frame["n_b"].tolist() == [5, 6]
    assert frame["diff"].tolist() == pytest.approx([1, -5])
    longer = runs(POOLS, np.column_stack([np.stack([SHARED, SHARED]), [[0.0], [0.0]]]))
    assert compare(BASE, longer)["n_b"].tolist() == [6, 6]


def test_single_points_are_compared_whatever_changed() -> None:
    frame = compare(runs([{}], SHARED[None]), runs([{"policy": "cap"}], SHARED[None] - 3))
    assert frame["diff"].tolist() == pytest.approx([-3])


def test_metrics_of_one_side_only_are_left_out() -> None:
    assert compare(BASE, runs(POOLS, np.ones((2, 6)), metric="visits")).empty


def test_designs_that_do_not_meet_are_refused() -> None:
    with pytest.raises(ValueError, match="no point"):
        match_points(BASE, runs([{"pool": 1.0}, {"pool": 2.0}], np.ones((2, 6))))
    with pytest.raises(ValueError, match="fee varies"):
        match_points(BASE, runs([{"pool": 100.0, "fee": f} for f in (1, 2)], np.ones((2, 6))))


def test_welch_without_variation_is_exact() -> None:
    assert welch(np.array([1.0, 1.0]), np.array([3.0, 3.0])) == (2, 2, 2, 0)
    assert np.isnan(welch(np.array([1.0]), np.array([3.0, 3.0]))[1])
