"""Which draws of parameters give a market that looks as seen: history matching.

A draw is ruled out when one of its moments lies further from what was seen than so many standard errors (three, by
Pukelsheim's rule that holds for any distribution with one peak). What stays is no posterior: within the limit all draws
count alike (Vernon, Goldstein and Bower 2010, Bayesian Analysis 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galleria.experiments.design.moments import MomentSettings
from galleria.experiments.results.loading import Results
from galleria.models.errors import UsageError


@dataclass(frozen=True)
class Screened:
    """Draws as they were judged.

    Attributes
    ----------
    kept
        A column a config key, a row a draw that was not ruled out, in the order in which they were drawn.
    moments
        A row a moment: measure, seen, se, median over all draws and over those kept, and the share of all draws that
        this moment rules out.
    tried
        Draws that were judged; those whose run failed are ruled out.
    """

    kept: pd.DataFrame
    moments: pd.DataFrame
    tried: int


def screen(results: Results, moments: Mapping[str, MomentSettings], within: float) -> Screened:
    """Judge the draws of a results folder by its baseline point.

    Parameters
    ----------
    results
        Of a sweep with draws, a replication a draw.
    moments
        By measure.
    within
        Standard errors, the furthest that a moment may be off.

    Raises
    ------
    UsageError
        There are no draws, no baseline point or no such measure, or a moment has no standard error.
    """
    draws = (results.provenance.get("uncertainty") or {}).get("draws")
    if not draws:
        raise UsageError(f"{results.folder}: no parameters were drawn; uncertainty=full draws them")
    if absent := [name for name, moment in moments.items() if moment.se is None]:
        raise UsageError([f"moments.{name}: give se, by which it is judged how far a draw is off" for name in absent])
    levels = _levels(results, list(moments))
    seen = np.array([moment.value for moment in moments.values()])
    errors = np.array([float(moment.se or 0) for moment in moments.values()])
    far = ~(np.abs(levels.to_numpy() - seen) <= within * errors)  # NaN is far
    stays = ~far.any(axis=1)
    numbers = [int(replication) for replication in levels.index[stays]]
    return Screened(
        pd.DataFrame([draws[number % len(draws)] for number in numbers], columns=list(draws[0])),
        pd.DataFrame(
            {
                "measure": list(moments),
                "seen": seen,
                "se": errors,
                "median_of_all": levels.median().to_numpy(),
                "median_of_kept": levels[stays].median().to_numpy(),
                "ruled_out": far.mean(axis=0),
            }
        ),
        len(levels),
    )


def _levels(results: Results, names: list[str]) -> pd.DataFrame:
    """Return the moments of each draw: a row a replication of the baseline point, a column a measure."""
    points = results.plan["point"].unique()
    baseline = points[0] if len(points) == 1 else results.provenance.get("baseline_point")
    if baseline is None:
        raise UsageError(f"{results.folder} has no baseline point, which draws are judged by")
    metrics = results.metrics
    if unknown := [name for name in names if name not in set(metrics["metric"])]:
        raise UsageError([f"{results.folder} has no measure {name}" for name in unknown])
    wide = metrics[metrics["point"] == baseline].pivot_table(
        index="replication", columns="metric", values="value", dropna=False
    )
    planned = results.plan.loc[results.plan["point"] == baseline, "replication"].sort_values()
    reindexed: pd.DataFrame = wide.reindex(index=planned, columns=names)
    return reindexed
