"""In how many draws of the parameters an effect has its sign."""

import numpy as np
import pandas as pd

from galleria.experiments.report.comparing import HEADLINE_METRICS, Claim, Comparison
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import NARROW, decimals_for, metric_phrase, signed, signed_amount, unit_of
from galleria.experiments.statistics import t_interval
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.signs import wilson

_SURE = 0.5


def number_of_draws(study: Study) -> int:
    """Return how many draws of parameters the replications follow; 0 where all have the same parameters."""
    return len((study.results.provenance.get("uncertainty") or {}).get("draws", ()))


def drawn_from(study: Study) -> str:
    """Say how many parameters are drawn, as a clause with a comma before it; nothing if none are."""
    table = drawn_parameters(study)
    if table is None:
        return ""
    number = len(table.columns)
    return f", each with a draw of {number} parameter{'s' if number > 1 else ''}"


def drawn_parameters(study: Study) -> pd.DataFrame | None:
    """Return the parameters of each replication, a row a replication, a column a key; None where all have the same."""
    draws = (study.results.provenance.get("uncertainty") or {}).get("draws", ())
    if not draws:
        return None
    table = pd.DataFrame([draws[int(i) % len(draws)] for i in study.cube.replications])
    return table.select_dtypes("number")


def draw_claims(study: Study, comparison: Comparison) -> list[Claim]:
    """Say of each measure of a comparison in how many draws it rises or falls."""
    if not number_of_draws(study):
        return []
    metrics = [metric for metric in comparison.metrics or HEADLINE_METRICS if metric in study.cube]
    made = (_claim(study, comparison, metric) for metric in metrics)
    return [claim for claim in made if claim is not None]


def _claim(study: Study, comparison: Comparison, metric: str) -> Claim | None:
    before, after = (study.cube.at(point, metric) for point in (comparison.before, comparison.after))
    difference = (after - before)[np.isfinite(after - before)]
    if not difference.size:
        return None
    phrase, plural = metric_phrase(metric)
    up, down = int((difference > 0).sum()), int((difference < 0).sum())
    low, high = wilson(max(up, down), difference.size)
    more, less = ("rise", "fall") if up >= down else ("fall", "rise")
    ending, other = "" if plural else "s", min(up, down)
    against = f" and {less}{ending} in {other}" if other else ""
    share = 100 * max(up, down) / difference.size
    interval = f"{share:.0f}{NARROW}% [{100 * low:.0f}, {100 * high:.0f}]"
    counted = f"{max(up, down)}{against} of {difference.size} draws ({interval})"
    text = f"{phrase} {more}{ending} in {counted}; {_mean(study, metric, difference)}"
    return Claim(metric, text, clear=low > _SURE)


def _mean(study: Study, metric: str, difference: Floats) -> str:
    """Write the mean over the draws, with the interval of the replications."""
    estimate, unit = t_interval(difference), unit_of(study.cube.unit(metric), metric)
    mean, low, high = (unit.scale * float(value) for value in (estimate.mean, estimate.low, estimate.high))
    places = decimals_for((high - low) / 2, mean)
    ends = f"[{signed(low, places)}, {signed(high, places)}]" if np.isfinite(low) else ""
    return f"on average {signed_amount(mean, places, unit)} {ends}{unit.after_difference}"
