"""What a calibration found, as tables: parameters, moments, what identifies what, draws."""

import math

import numpy as np
import pandas as pd

from galleria.experiments.calibration.fit import Fit
from galleria.experiments.calibration.inference import Inference
from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.factors import FactorSettings, Point
from galleria.experiments.statistics.intervals import Floats

_AT_AN_END = 0.005
"""Share of a range within which a fitted value counts as lying at its end."""


def parameter_table(fit: Fit, inference: Inference, start: Point) -> pd.DataFrame:
    """Return one row a parameter: key, start, low, high, fitted, se, ci_low, ci_high, at_end."""
    rows = []
    for i, (key, factor) in enumerate(fit.problem.factors.items()):
        share, error = float(fit.share[i]), float(inference.errors[i])
        low, high = (_smooth(factor, float(end[i])) for end in (inference.low, inference.high))
        rows.append(
            {
                "key": key,
                "start": start[key],
                "low": factor.low,
                "high": factor.high,
                "fitted": fit.point[key],
                "se": _slope(factor, share) * error if math.isfinite(error) else math.nan,
                "ci_low": low,
                "ci_high": high,
                "at_end": not _AT_AN_END < share < 1 - _AT_AN_END,
            }
        )
    return pd.DataFrame(rows)


def moment_table(fit: Fit, design: DesignSettings) -> pd.DataFrame:
    """Return one row a moment: measure, target, se, simulated, simulated_se, off_in_se, weight, source."""
    values, problem = fit.values, fit.problem  # noqa: PD011 (no frame)
    simulated = values.mean(axis=0)
    return pd.DataFrame(
        {
            "measure": problem.names,
            "target": problem.targets,
            "se": problem.errors,
            "simulated": simulated,
            "simulated_se": values.std(axis=0, ddof=1) / np.sqrt(len(values)),
            "off_in_se": (simulated - problem.targets) / problem.errors,
            "weight": problem.weights,
            "source": [moment.source for moment in design.moments.values()],
        }
    )


def identification_table(fit: Fit, inference: Inference) -> pd.DataFrame:
    """Return one row a moment and parameter: measure, key, slope, slope_in_se, influence.

    `slope` is the change of the measure with a unit of the parameter; `slope_in_se` that in the moment's weighted
    standard errors over the whole range; `influence` by how many of its standard errors the fitted parameter moves with
    one of the moment.
    """
    problem = fit.problem
    rows = [
        {
            "measure": name,
            "key": key,
            "slope": fit.slopes[j, i] / problem.scales[j] / _slope(factor, float(fit.share[i])),
            "slope_in_se": fit.slopes[j, i],
            "influence": inference.influence[i, j],
        }
        for j, name in enumerate(problem.names)
        for i, (key, factor) in enumerate(problem.factors.items())
    ]
    return pd.DataFrame(rows)


def draw_table(fit: Fit, shares: Floats) -> pd.DataFrame:
    """Return one row a draw, one column a parameter: what `design=table` takes."""
    return pd.DataFrame(fit.problem.points(shares))


def _smooth(factor: FactorSettings, share: float) -> float:
    """Return the level at a share without rounding it to a whole number."""
    value = factor.model_copy(update={"integer": False}).at(share)
    return float(value) if isinstance(value, int | float) else math.nan


def _slope(factor: FactorSettings, share: float) -> float:
    """Return the change of a parameter's level with the share of its range."""
    low, high = float(factor.low or 0), float(factor.high or 0)
    return _smooth(factor, share) * math.log(high / low) if factor.scale == "log" else high - low
