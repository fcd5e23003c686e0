"""Hypotheses with a predicted sign, and what the data say of each: held, failed or undecided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from experiments.report.study import Study
from experiments.report.words import decimals_for, signed_amount, unit_of
from experiments.statistics import paired_difference

Verdict = Literal["held", "failed", "undecided"]


@dataclass(frozen=True)
class Tested:
    """A hypothesis and its verdict.

    Attributes
    ----------
    claim
        As the experiment states it.
    verdict
        Held where the 95 % interval of the paired difference has the predicted sign, failed where it has the other,
        undecided where it holds zero or there are too few replications for an interval.
    evidence
        The difference with its interval, in words.
    """

    claim: str
    verdict: Verdict
    evidence: str


def verdicts(study: Study) -> list[Tested]:
    """Give a verdict on each hypothesis of the experiment."""
    return [_test(study, entry) for entry in study.results.provenance.get("hypotheses") or []]


def _test(study: Study, entry: Mapping[str, Any]) -> Tested:
    claim, metric = str(entry["claim"]), str(entry["metric"])
    before, after = (study.find(dict(entry[end])) for end in ("before", "after"))
    if before is None or after is None or metric not in study.cube:
        return Tested(claim, "undecided", f"the results have no such points, or no measure {metric}")
    unit = unit_of(study.cube.unit(metric), metric)
    estimate = paired_difference(study.cube.at(after, metric), study.cube.at(before, metric))
    mean, low, high = (unit.scale * float(value) for value in (estimate.mean, estimate.low, estimate.high))
    if not np.isfinite([low, high]).all():
        return Tested(claim, "undecided", f"{metric}: no interval from {int(estimate.n)} replications")
    places = decimals_for((high - low) / 2, mean)
    middle, below, above = (signed_amount(value, places, unit) for value in (mean, low, high))
    what = unit.difference or unit.after
    evidence = f"{metric}: {middle} [{below}, {above}]{what}, n = {int(estimate.n)}"
    sign = 1 if entry["sign"] == "+" else -1
    if min(sign * low, sign * high) > 0:
        return Tested(claim, "held", evidence)
    if max(sign * low, sign * high) < 0:
        return Tested(claim, "failed", evidence)
    return Tested(claim, "undecided", evidence)
