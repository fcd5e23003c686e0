"""Two results folders side by side."""

from collections.abc import Sequence

import pandas as pd

from galleria.experiments.results.loading import Results
from galleria.experiments.statistics import comparing
from galleria.models.errors import UsageError
from galleria.models.settings.errors import unknown_key


def compare(first: Results, second: Results, metrics: Sequence[str] = ()) -> pd.DataFrame:
    """Return what changed from one results folder to another, paired by replication where seeds match.

    Parameters
    ----------
    first, second
        Two results of the same factors.
    metrics
        Measures; all if none is named.

    Returns
    -------
    One row a pair of points and measure: means, difference, its 95 % intervals, Holm-adjusted p.

    Raises
    ------
    UsageError
        Where they cannot be compared, or a measure is in neither.
    """
    try:
        frame = comparing.compare(*(comparing.Runs(each.plan, each.runs, each.metrics) for each in (first, second)))
    except ValueError as error:
        raise UsageError(f"{first.folder} and {second.folder} cannot be compared: {error}") from error
    unknown = [name for name in metrics if name not in set(frame["metric"])]
    if unknown:
        raise UsageError([unknown_key(name, sorted(set(frame["metric"])), "measure") for name in unknown])
    return frame[frame["metric"].isin(metrics)] if metrics else frame
