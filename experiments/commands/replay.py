"""`galleria replay`: a recorded run as a page that plays it."""

from pathlib import Path

import click

from galleria.experiments.commands.options import command, folder


@command(
    "  galleria run run.record=true run.tables=all run.output=outputs/day\n"
    "  galleria replay outputs/day\n"
    "  galleria replay outputs/sweep --point 0 --against 1 --to two.html"
)
@folder
@click.option("--point", type=int, metavar="N", help="Which design point; else the first.")
@click.option("--against", type=int, metavar="N", help="A second point, shown beside it on the same day.")
@click.option("--replication", type=int, metavar="N", help="Which replication; else the first.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Else DIR/replay.html.")
@click.option("--no-browser", is_flag=True, help="Write the file and open nothing.")
def replay(
    folder: Path, point: int | None, against: int | None, replication: int | None, to: Path | None, *, no_browser: bool
) -> None:
    """Play a run that was recorded (run.record=true).

    Writes one HTML file that holds the run and needs no network, and opens it.
    """
    import webbrowser

    from galleria.experiments.view.replay import write_page

    target = to or folder / "replay.html"
    write_page(folder, target, [point] if against is None else [point, against], replication)
    click.echo(f"Replay: {target}")
    if not no_browser:
        webbrowser.open(target.resolve().as_uri())
