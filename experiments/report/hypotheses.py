"""Hypotheses with a predicted sign or shape, and what the data say of each: held, failed or undecided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from galleria.experiments.report.draws import number_of_draws
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import (
    Unit,
    decimals_for,
    level_in_words,
    metric_phrase,
    number,
    signed_amount,
    unit_of,
    upper_first,
)
from galleria.experiments.statistics import Estimate, holm, paired_difference, t_interval, t_p_value
from galleria.experiments.statistics.intervals import LEVEL, Floats

Verdict = Literal["held", "failed", "undecided"]
_SURE = 0.05


@dataclass(frozen=True)
class Tested:
    """A hypothesis and its verdict.

    Attributes
    ----------
    claim
        As the experiment states it.
    verdict
        Held where the 95 % interval of the paired difference has the predicted sign, failed where it has the other,
        undecided where it holds zero or there are too few replications for an interval. A curve holds where every
        step, or the best level inside against both ends, does; it fails where one of them has the other sign.
    evidence
        The difference with its interval, or the levels of a curve, in words.
    check
        Whether it holds at any parameters, so that it tests the code and says nothing of markets.
    doubtful
        Whether a verdict other than undecided does not pass Holm's adjustment at 5 %, over the hypotheses that are
        no checks, or over the comparisons of the summary if it has the same one.
    p
        Of the difference, NaN for curves.
    of
        (point before, point after, measure) of a difference that is not between differences.
    """

    claim: str
    verdict: Verdict
    evidence: str
    check: bool = False
    doubtful: bool = False
    p: float = float("nan")
    of: tuple[int, int, str] | None = None


def verdicts(study: Study, doubted: Collection[tuple[int, int, str]] = ()) -> list[Tested]:
    """Return a verdict on each hypothesis of the experiment.

    Parameters
    ----------
    study
        The results.
    doubted
        (point before, point after, measure) of the summary's comparisons that do not pass Holm's adjustment there.
    """
    tested = [
        replace(
            _test_curve(study, entry) if "shape" in entry else _test_sign(study, entry), check=bool(entry.get("check"))
        )
        for entry in study.results.provenance.get("hypotheses") or []
    ]
    asked = [each for each in tested if not each.check]
    adjusted = dict(zip(map(id, asked), holm([each.p for each in asked]), strict=True)) if asked else {}
    unsure = {id(each) for each in tested if each.of in doubted or adjusted.get(id(each), 0.0) > _SURE}
    return [replace(each, doubtful=each.verdict != "undecided" and id(each) in unsure) for each in tested]


def change(study: Study, entry: Mapping[str, Any], metric: str) -> tuple[Floats, Floats] | None:
    """Return a measure at the two points of a change, float64[replications] each; None where they were not run."""
    before, after = (study.find(dict(entry[end])) for end in ("before", "after"))
    if before is None or after is None or metric not in study.cube:
        return None
    return study.cube.at(before, metric), study.cube.at(after, metric)


def _test_sign(study: Study, entry: Mapping[str, Any]) -> Tested:
    claim, metric = str(entry["claim"]), str(entry["metric"])
    ends = change(study, entry, metric)
    than = entry.get("than")
    other = change(study, than, than.get("metric") or metric) if than else None
    if ends is None or (than and other is None):
        return Tested(claim, "undecided", f"the results have no such points, or no measure {metric}")
    unit = unit_of(study.cube.unit(metric), metric)
    reference = 0.0 if other is None else other[1] - other[0]
    estimate = paired_difference(ends[1] - ends[0], np.broadcast_to(reference, ends[0].shape))
    if not np.isfinite([float(estimate.low), float(estimate.high)]).all():
        return Tested(claim, "undecided", f"{_named(metric)}: no interval from {int(estimate.n)} replications")
    difference = _in_words(estimate, unit)
    evidence = f"{_named(metric)}: {difference}{'' if other is None else ' more'}, n = {int(estimate.n)}"
    sign = 1 if entry["sign"] == "+" else -1
    if number_of_draws(study):
        as_predicted = int((sign * (ends[1] - ends[0] - reference) > 0).sum())
        evidence = f"sign as predicted in {as_predicted} of {int(estimate.n)} draws; {evidence}"
    before, after = (int(study.find(dict(entry[end])) or 0) for end in ("before", "after"))
    of = None if than else (before, after, metric)
    return Tested(claim, _verdict([estimate], sign), evidence, p=float(t_p_value(estimate)), of=of)


def _test_curve(study: Study, entry: Mapping[str, Any]) -> Tested:
    claim, metric, levels = str(entry["claim"]), str(entry["metric"]), list(entry["levels"])
    points = [study.find({**entry["at"], entry["factor"]: value}) for value in levels]
    if None in points or metric not in study.cube:
        return Tested(claim, "undecided", f"the results have no such points, or no measure {metric}")
    values = [study.cube.at(int(point or 0), metric) for point in points]
    unit = unit_of(study.cube.unit(metric), metric)
    means = [unit.scale * float(t_interval(each).mean) for each in values]
    if entry["shape"] in {"rising", "falling"}:
        sign = 1 if entry["shape"] == "rising" else -1
        steps = [paired_difference(after, before) for before, after in pairwise(values)]
    else:
        sign = 1 if entry["shape"] == "peak" else -1
        best = 1 + int(np.nanargmax([sign * mean for mean in means[1:-1]]))
        # The best of several levels inside looks better than it is: Bonferroni over them.
        level = 1 - (1 - LEVEL) / (len(levels) - 2)
        steps = [paired_difference(values[best], values[end], level) for end in (0, -1)]
    if not all(np.isfinite([float(step.low), float(step.high)]).all() for step in steps):
        return Tested(claim, "undecided", f"{_named(metric)}: too few replications for intervals")
    places = max(decimals_for(unit.scale * float(step.high - step.low) / 2, means[0]) for step in steps)
    shown = ", ".join(f"{unit.before}{number(mean, places)}" for mean in means)
    evidence = f"{_named(metric)}: {shown}{unit.after} at {', '.join(_levels(study, entry))}"
    evidence += f"; {_curve_steps(entry['shape'])} {', '.join(_in_words(step, unit) for step in steps)}"
    return Tested(claim, _verdict(steps, sign), f"{evidence}, n = {int(steps[0].n)}")


def _named(metric: str) -> str:
    return upper_first(metric_phrase(metric)[0])


def _levels(study: Study, entry: Mapping[str, Any]) -> list[str]:
    unit = next((factor.unit for factor in study.factors if factor.key == entry["factor"]), None)
    return [level_in_words(value, unit) for value in entry["levels"]]


def _curve_steps(shape: str) -> str:
    return "steps" if shape in {"rising", "falling"} else "best inside less the first and the last"


def _verdict(steps: list[Estimate], sign: int) -> Verdict:
    """Say whether all differences have the predicted sign, or any has the other."""
    ends = [sorted((sign * float(step.low), sign * float(step.high))) for step in steps]
    if min(low for low, _ in ends) > 0:
        return "held"
    return "failed" if min(high for _, high in ends) < 0 else "undecided"


def _in_words(estimate: Estimate, unit: Unit) -> str:
    mean, low, high = (unit.scale * float(value) for value in (estimate.mean, estimate.low, estimate.high))
    places = decimals_for((high - low) / 2, mean)
    middle, below, above = (signed_amount(value, places, unit) for value in (mean, low, high))
    return f"{middle} [{below}, {above}]{unit.difference or unit.after}"
