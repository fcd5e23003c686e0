"""`galleria screen`: which draws of parameters give a market that looks as seen."""

from pathlib import Path

import click

from galleria.experiments.commands.options import DIR, as_csv, command, folder


@command(
    "  galleria sweep uncertainty=drawn uncertainty.screened=null \\\n"
    "      run.replications=1000 run.output=towns\n"
    "  galleria screen towns conf/moments/default_city.yaml --into towns.csv\n"
    "  galleria sweep experiment=effects uncertainty.screened=towns.csv"
)
@folder
@click.argument("file", type=DIR, metavar="FILE.yaml")
@click.option("--within", type=float, default=3.0, show_default=True, help="Standard errors a moment may be off.")
@click.option("--most", type=int, default=128, show_default=True, help="Draws that are written, at most.")
@click.option("--into", type=DIR, metavar="CSV", help="Where the draws that stay are written.")
@as_csv
def screen(folder: Path, file: Path, within: float, most: int, into: Path | None, *, csv: bool) -> int:
    """Rule out the draws in DIR whose market does not look as seen.

    FILE.yaml holds moments, as for galleria calibrate; each needs its standard error. A draw is judged by the baseline
    point. Its exit code is 1 when nothing stays.
    """
    from galleria.experiments.calibration.file import read_calibration
    from galleria.experiments.calibration.screening import screen as screened
    from galleria.experiments.commands.tables import print_table
    from galleria.experiments.results import load
    from galleria.experiments.results.folder import Folder, write_text
    from galleria.models.errors import UsageError

    if within <= 0 or most < 1:
        raise UsageError("--within and --most must be above zero")
    found = screened(load(Folder(folder.resolve()).path), read_calibration(file).moments, within)
    print_table(found.moments.round(6), csv=csv)
    kept = found.kept.head(most)
    written = "" if into is None or kept.empty else f", {len(kept)} written to {into}"
    click.echo(f"{len(found.kept)} of {found.tried} draws look as seen{written}", err=csv)
    if into is not None and not kept.empty:
        write_text(into, kept.to_csv(index=False, float_format="%.6g"))
    return 1 if kept.empty else 0
