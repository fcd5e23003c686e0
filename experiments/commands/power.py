"""`galleria power`: how many replications would show a difference of a given size."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import as_csv, command, folder

if TYPE_CHECKING:
    import pandas as pd

    from galleria.experiments.results.folder import Folder


@command("  galleria power DIR --metric consumer_surplus_usd --difference 500")
@folder
@click.option("--metric", required=True, help="A measure.")
@click.option("--difference", type=float, required=True, help="The difference to be seen, in its unit.")
@click.option("--chance", type=float, default=0.8, show_default=True, help="Wanted chance of seeing it.")
@as_csv
def power(folder: Path, metric: str, difference: float, chance: float, *, csv: bool) -> None:
    """Say how many replications would show a difference.

    Differences are those from the baseline point; their spread is that of the results in DIR.
    """
    from galleria.experiments.commands.tables import print_table
    from galleria.experiments.results.folder import Folder
    from galleria.models.errors import UsageError

    if not 0 < chance < 1 or difference == 0:
        raise UsageError("--chance must be between 0 and 1, and --difference not zero")
    print_table(needed(Folder(folder.resolve()), metric, difference, chance), csv=csv)


def needed(folder: "Folder", metric: str, difference: float, chance: float) -> "pd.DataFrame":
    """Return how many replications would show a difference at each point, beside the spread seen there."""
    import numpy as np
    import pandas as pd

    from galleria.experiments.results import load
    from galleria.experiments.statistics import Cube
    from galleria.experiments.statistics.power import replications_needed
    from galleria.models.errors import UsageError
    from galleria.models.settings.errors import unknown_key

    results = load(folder.path)
    baseline = results.provenance["baseline_point"]
    if baseline is None:
        raise UsageError(f"{folder.path} has no baseline point to differ from")
    cube = Cube.of_frames(results.metrics, results.plan)
    if metric not in cube:
        raise UsageError(unknown_key(metric, list(cube.metrics), "measure"))
    rows = []
    for point in cube.points[cube.points != baseline]:
        levels = cube.at(point, metric)
        paired = levels - cube.at(baseline, metric)
        seen = paired[np.isfinite(paired)]
        if seen.size < 2:
            raise UsageError(f"{folder.path}: at least two replications are needed to know the spread")
        sd = float(seen.std(ddof=1))
        if sd <= _ROUNDING * float(np.nanmax(np.abs(levels))):
            sd = 0.0
        runs = replications_needed(sd, difference, chance) if sd > 0 else 2
        rows.append({"point": int(point), "pairs": seen.size, "sd_of_difference": sd, "replications_needed": runs})
    frame = results.plan.drop_duplicates("point").drop(columns=["run_key", "replication"])
    return frame.merge(pd.DataFrame(rows), on="point")


_ROUNDING = 1e-12
"""Share of a measure's level below which a spread is rounding."""
