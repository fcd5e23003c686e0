"""Verdicts on predicted signs follow the paired interval, whatever the experiment hoped for."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from galleria.experiments.report.hypotheses import verdicts
from galleria.experiments.report.study import Study


def _study(before: Sequence[float], after: Sequence[float], sign: str) -> Study:
    """Make a study of two points and one measure, as far as a verdict looks at it."""

    class Cube:
        def __contains__(self, metric: str) -> bool:
            return metric == "welfare_usd"

        def at(self, point: int, metric: str) -> Any:
            del metric
            return np.array([before, after][point])

        def unit(self, metric: str) -> str:
            del metric
            return "$/day"

    hypothesis = {"claim": "c", "metric": "welfare_usd", "before": {"x": 0}, "after": {"x": 1}, "sign": sign}
    results = SimpleNamespace(provenance={"hypotheses": [hypothesis]})
    study = SimpleNamespace(results=results, cube=Cube(), find=lambda where: where["x"])
    return cast("Study", study)


@pytest.mark.parametrize(
    ("after", "sign", "verdict"),
    [
        ([11.0, 21.1, 30.9, 41.0], "+", "held"),
        ([11.0, 21.1, 30.9, 41.0], "-", "failed"),
        ([9.0, 18.9, 29.1, 39.0], "-", "held"),
        ([9.0, 18.9, 29.1, 39.0], "+", "failed"),
        ([12.0, 18.0, 31.0, 39.5], "+", "undecided"),
        ([12.0, 18.0, 31.0, 39.5], "-", "undecided"),
    ],
)
def test_the_verdict_is_that_of_the_paired_interval(after: list[float], sign: str, verdict: str) -> None:
    [tested] = verdicts(_study([10.0, 20.0, 30.0, 40.0], after, sign))
    assert tested.verdict == verdict
    assert "n = 4" in tested.evidence


def test_a_verdict_carries_the_doubt_of_the_summary_and_of_many_hypotheses() -> None:
    study = _study([10.0, 20.0, 30.0, 40.0], [11.0, 20.3, 30.9, 40.6], "+")
    [tested] = verdicts(study)
    assert (tested.verdict, tested.doubtful) == ("held", False)
    assert verdicts(study, {(0, 1, "welfare_usd")})[0].doubtful
    study.results.provenance["hypotheses"] *= 9  # p = 0.024 once, 0.22 among nine
    assert all(each.verdict == "held" and each.doubtful for each in verdicts(study))


def test_one_replication_decides_nothing() -> None:
    [tested] = verdicts(_study([10.0], [12.0], "+"))
    assert tested.verdict == "undecided"


def test_money_has_its_sign_before_the_dollar() -> None:
    [tested] = verdicts(_study([10.0, 20.0, 30.0, 40.0], [9.0, 18.9, 29.1, 39.0], "-"))
    assert "\u2212$1.00" in tested.evidence


def _curve(values: list[list[float]], shape: str) -> Study:
    """Make a study of several points of one factor and one measure."""

    class Cube:
        def __contains__(self, metric: str) -> bool:
            return metric == "welfare_usd"

        def at(self, point: int, metric: str) -> Any:
            del metric
            return np.array(values[point])

        def unit(self, metric: str) -> str:
            del metric
            return "$/day"

    levels = list(range(len(values)))
    entry = {"claim": "c", "metric": "welfare_usd", "factor": "x", "levels": levels, "at": {}, "shape": shape}
    study = SimpleNamespace(
        results=SimpleNamespace(provenance={"hypotheses": [entry]}),
        cube=Cube(),
        find=lambda where: where["x"],
        factors=(),
    )
    return cast("Study", study)


HILL = [[10.0, 20.0, 30.0], [12.1, 22.0, 31.9], [11.0, 21.1, 31.0]]
SLOPE = [[10.0, 20.0, 30.0], [11.0, 21.1, 31.0], [12.1, 22.0, 31.9]]
NOISE = [[10.0, 20.0, 30.0], [12.0, 18.0, 31.0], [9.0, 23.0, 30.5]]


@pytest.mark.parametrize(
    ("values", "shape", "verdict"),
    [
        (HILL, "peak", "held"),
        (HILL, "trough", "failed"),
        (HILL, "rising", "failed"),
        (SLOPE, "rising", "held"),
        (SLOPE, "falling", "failed"),
        (SLOPE, "peak", "failed"),
        (NOISE, "peak", "undecided"),
        (NOISE, "falling", "undecided"),
    ],
)
def test_a_curve_holds_where_all_its_steps_do(values: list[list[float]], shape: str, verdict: str) -> None:
    [tested] = verdicts(_curve(values, shape))
    assert tested.verdict == verdict
    assert "at 0, 1, 2" in tested.evidence


def test_one_change_can_be_predicted_to_exceed_another() -> None:
    study = _curve([[10.0, 20.0, 30.0], [11.0, 21.1, 31.0], [14.1, 24.0, 33.9]], "peak")
    entry = study.results.provenance["hypotheses"][0]
    del entry["shape"]
    entry |= {"before": {"x": 0}, "after": {"x": 2}, "than": {"before": {"x": 0}, "after": {"x": 1}}, "sign": "+"}
    [tested] = verdicts(study)
    assert tested.verdict == "held"
    assert "+$2.97 [" in tested.evidence
    assert "more" in tested.evidence
    entry["sign"] = "-"
    assert verdicts(study)[0].verdict == "failed"
