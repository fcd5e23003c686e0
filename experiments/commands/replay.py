"""`galleria replay`: a recorded run as a page that plays it."""

from pathlib import Path
from typing import Any

import click

from galleria.experiments.commands.options import command, folder


@command(
    "  galleria run run.record=true run.tables=all run.output=outputs/day\n"
    "  galleria replay outputs/day\n"
    "  galleria replay outputs/sweep --point 0 --against 1 --to two.html\n"
    "  galleria replay outputs/day --to noon.gif --hours 11 14 --step 2"
)
@folder
@click.option("--point", type=int, metavar="N", help="Which design point; else the first.")
@click.option("--against", type=int, metavar="N", help="A second point, shown beside it on the same day.")
@click.option("--replication", type=int, metavar="N", help="Which replication; else the first.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Else DIR/replay.html.")
@click.option("--hours", type=(float, float), metavar="FROM TO", help="Of a film: hours since the first midnight.")
@click.option("--step", type=click.FloatRange(0.1, 120), default=5.0, metavar="MIN", help="Of a film: minutes a frame.")
@click.option("--no-browser", is_flag=True, help="Write the file and open nothing.")
def replay(folder: Path, to: Path | None, **given: Any) -> None:
    """Play a run that was recorded (run.record=true).

    Writes one HTML file that holds the run and needs no network, and opens it. The ending of --to chooses another kind:
    .gif or .mp4 (where ffmpeg is installed) for a film, .geojson for kepler.gl, .json for deck.gl's TripsLayer, .csv
    for drivers' ways point by point.
    """
    import webbrowser

    from galleria.experiments.view.replay import write_page, write_run

    target, point, against = to or folder / "replay.html", given["point"], given["against"]
    if target.suffix == ".html":
        write_page(folder, target, [point] if against is None else [point, against], given["replication"])
    elif against is not None:
        raise click.UsageError("--against: only a page shows two runs")
    else:
        write_run(folder, target, (point, given["replication"]), given["hours"], given["step"])
    click.echo(f"Replay: {target}")
    if target.suffix == ".html" and not given["no_browser"]:
        webbrowser.open(target.resolve().as_uri())
