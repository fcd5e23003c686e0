"""`galleria compare`: what changed from one results folder to another."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import DIR, as_csv, command

if TYPE_CHECKING:
    import pandas as pd


@command(
    "  galleria compare outputs/none outputs/cap\n"
    "  galleria compare DIR_A DIR_B --metric welfare_usd --metric mall_visits --csv\n"
    "  galleria compare outputs/none outputs/cap --page outputs/cap_against_none"
)
@click.argument("first", type=DIR, metavar="DIR_A")
@click.argument("second", type=DIR, metavar="DIR_B")
@click.option("--metric", "metrics", multiple=True, help="A measure (repeatable); all if none is named.")
@click.option("--page", type=DIR, metavar="DIR", help="Join both into this new folder, with a report of the change.")
@as_csv
def compare(first: Path, second: Path, metrics: Sequence[str], page: Path | None, *, csv: bool) -> None:
    """Say what changed from DIR_A to DIR_B.

    Runs are paired by replication where seeds match.
    """
    from galleria.experiments.commands.tables import print_table, warn_of_altered
    from galleria.experiments.results import load
    from galleria.experiments.results.comparison import compare as compared
    from galleria.experiments.results.folder import Folder

    folders = (Folder(first.resolve()), Folder(second.resolve()))
    for folder in folders:
        warn_of_altered(folder)
    if page is not None:
        from galleria.experiments.galleria import Galleria
        from galleria.experiments.results.joining import join

        joined = join(load(folders[0].path), load(folders[1].path), page)
        click.echo(f"Report: {Galleria().report(joined)[0]}")
        return
    frame = compared(load(folders[0].path), load(folders[1].path), metrics)
    if csv:
        print_table(frame, csv=True)
        return
    pairs = list(frame.groupby(["point_a", "point_b"], sort=False))
    for (a, b), rows in pairs:
        if len(pairs) > 1:
            click.echo(f"point {a}" if a == b else f"point {a} of A, point {b} of B")
        print_table(_for_eyes(rows), csv=False)
    click.echo(_how(frame))


def _for_eyes(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the columns that fit into a terminal of 80."""
    import numpy as np
    import pandas as pd

    differences = [
        f"{mean:.4g} [{low:.4g}, {high:.4g}]" if np.isfinite(low) else f"{mean:.4g}"
        for mean, low, high in zip(rows["diff"], rows["diff_ci_low"], rows["diff_ci_high"], strict=True)
    ]
    return pd.DataFrame(
        {
            "measure": rows["metric"],
            "A": [f"{mean:.4g}" for mean in rows["mean_a"]],
            "B": [f"{mean:.4g}" for mean in rows["mean_b"]],
            "B - A [95 %]": differences,
            "p": [f"{p:.3f}" if np.isfinite(p) else "" for p in rows["p_adjusted"]],
        }
    )


def _how(frame: "pd.DataFrame") -> str:
    """Say what the intervals are, and where the rest stands."""
    paired = frame["paired"].all()
    fewest, most = frame["n_a"].min(), frame["n_a"].max()
    runs = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    how = f"Paired over {runs} replications" if paired else "Not all runs could be paired by replication and seed"
    return f"{how}; 95 % t intervals; p is Holm-adjusted over points. --csv has units, counts and bootstrap intervals."
