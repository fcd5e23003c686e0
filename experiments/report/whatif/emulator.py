"""Surfaces of measures over a design's numeric factors, one set for each combination of its choices."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from galleria.experiments.report.answer.parties import PARTIES
from galleria.experiments.report.comparing import HEADLINE_METRICS
from galleria.experiments.report.study import Factor, Study, Value
from galleria.experiments.statistics import FittedSurface, fit_surface, t_interval
from galleria.experiments.statistics.intervals import Floats

_MOST_METRICS = 16
_MOST_FACTORS = 10
_ENOUGH = 0.99
"""Share of the variance of left-out points with which a quadratic is content."""
_Z = 1.96
"""Half the width of a 95 % interval in standard errors."""


@dataclass(frozen=True)
class Emulated:
    """One measure over the numeric factors.

    Attributes
    ----------
    surface
        Of the measure's change from the baseline point, or of the measure itself where the design has none.
    half_change, half_level
        Half the width of the 95 % intervals of the change and of the level: the error of points left out, and the
        mean error of a point over its replications.
    """

    surface: FittedSurface
    half_change: float
    half_level: float


@dataclass(frozen=True)
class Group:
    """The points that share their choices (policies, rules, switches).

    Attributes
    ----------
    choices
        Key of a factor -> the level of its choice.
    shares
        float64[points, numeric factors], the points in the unit cube.
    measures
        Name -> emulated measure.
    """

    choices: dict[str, Value]
    shares: Floats
    measures: dict[str, Emulated]


def numeric(study: Study) -> list[Factor]:
    """Return the factors that become sliders."""
    return [factor for factor in study.factors if factor.numeric]


def logarithmic(study: Study, factor: Factor) -> bool:
    """Say whether a factor is spread in logarithms."""
    declared = {str(f["key"]): f for f in study.results.provenance.get("factors") or []}
    return declared.get(factor.key, {}).get("scale") == "log" and float(factor.levels[0]) > 0


def measures_of(study: Study) -> list[str]:
    """Return the measures that are emulated: those the experiment leads with, then the parties' money."""
    named = [m for entry in study.results.provenance.get("headline") or [] for m in entry.get("metrics") or ()]
    return [m for m in dict.fromkeys([*named, *HEADLINE_METRICS, *PARTIES]) if m in study.cube][:_MOST_METRICS]


def emulate(study: Study) -> list[Group]:
    """Fit surfaces; none where no number was varied, or too few points were run for any.

    Parameters
    ----------
    study
        A finished sweep.
    """
    sliders = numeric(study)
    if not 0 < len(sliders) <= _MOST_FACTORS:
        return []
    shares = np.column_stack([_unit(study, factor) for factor in sliders])
    found = []
    for choices, rows in _groups(study):
        measures = {
            m: made for m in measures_of(study) if (made := _emulated(study, m, shares[rows], rows)) is not None
        }
        if measures:
            found.append(Group(choices, shares[rows], measures))
    return found


def _unit(study: Study, factor: Factor) -> Floats:
    """Scale a factor's levels to run from 0 to 1, in logarithms where the design does."""
    levels, ends = study.settings[factor.key].to_numpy(float), np.array([factor.levels[0], factor.levels[-1]], float)
    if logarithmic(study, factor):
        levels, ends = np.log(levels), np.log(ends)
    return np.asarray((levels - ends[0]) / (ends[1] - ends[0]))


def _groups(study: Study) -> Iterator[tuple[dict[str, Value], np.ndarray]]:
    keys = [factor.key for factor in study.factors if not factor.numeric]
    if not keys:
        yield {}, np.arange(len(study.settings))
        return
    for _, part in study.settings.groupby(keys, sort=False):
        rows = study.settings.index.get_indexer(part.index)
        yield {key: part[key].iloc[0] for key in keys}, rows


def _emulated(study: Study, metric: str, shares: Floats, rows: np.ndarray) -> Emulated | None:
    """Fit one measure to the points of a group."""
    at = [study.cube.row(int(point)) for point in study.settings.index[rows]]
    levels = study.cube.of(metric)[at]
    change = levels if study.baseline is None else levels - study.cube.at(study.baseline, metric)
    moved, still = t_interval(change), t_interval(levels)
    seen = np.isfinite(moved.mean)
    if not seen.any():
        return None
    own = [float(np.nanmean(np.nan_to_num(each.sd[seen], nan=0.0) ** 2 / each.n[seen])) for each in (moved, still)]
    try:
        surface = fit_surface(shares, moved.mean, _ENOUGH)
    except ValueError:
        return None
    half_change, half_level = (_Z * float(np.sqrt(surface.error**2 + variance)) for variance in own)
    return Emulated(surface, half_change, half_level)
