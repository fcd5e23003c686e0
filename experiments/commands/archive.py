"""`galleria archive`: a results folder as one zip that describes itself."""

from datetime import UTC, datetime
from pathlib import Path

import click

from galleria.experiments.commands.options import command, folder


@command(
    "  galleria archive outputs/driver_supply_x_opt_in/3f2a9c1b7d55\n"
    '  galleria archive DIR --to asked.zip --author "One" --author "Another"'
)
@folder
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Else DIR.zip beside DIR.")
@click.option(
    "--license",
    "licence",
    default="https://creativecommons.org/licenses/by/4.0/",
    metavar="URL",
    help="Licence of the results; else CC BY 4.0.",
)
@click.option("--author", "authors", multiple=True, metavar="NAME", help="Who made the results (repeatable).")
@click.option("--date", metavar="YYYY-MM-DD", help="Of publication; else today.")
def archive(folder: Path, to: Path | None, licence: str, authors: tuple[str, ...], date: str | None) -> None:
    """Pack a results folder for a repository such as Zenodo.

    The zip is an RO-Crate 1.2: it names its files, its licence, the program with its version (as CodeMeta too), and the
    run that made the results.
    """
    from galleria.experiments.commands.tables import warn_of_altered
    from galleria.experiments.results.archive import archive as pack
    from galleria.experiments.results.folder import Folder
    from galleria.models.errors import UsageError

    whole = Folder(folder.resolve())
    target = to or whole.path.with_name(f"{whole.path.name}.zip")
    whole.read_provenance()
    if whole.work.is_dir():
        raise UsageError(f"{folder} is not finished: the same `galleria sweep` does what is missing")
    warn_of_altered(whole)
    day = date or datetime.now(UTC).date().isoformat()
    try:
        datetime.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--date {day}: a date is written as 2026-11-30") from None
    names = pack(whole.path, target, licence, authors, day)
    click.echo(f"Archive: {target} ({len(names)} files, {target.stat().st_size / 1e6:.1f} MB)")
