"""`galleria report`: the report of a results folder, built again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import command, folder, plugins

if TYPE_CHECKING:
    from galleria.experiments.design.model import Model
    from galleria.experiments.results.folder import Folder


def _endings(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    from galleria.experiments.report.pictures import FORMATS

    chosen = tuple(value.lower().replace(" ", "").split(","))
    if wrong := [name for name in chosen if name not in FORMATS]:
        raise click.BadParameter(f"{wrong[0]!r} is none of {', '.join(FORMATS)}")
    return chosen


@command(
    "  galleria report outputs/driver_supply_x_opt_in/3f2a9c1b7d55\n"
    "  galleria report outputs/driver_supply_x_opt_in/3f2a9c1b7d55 --format tex"
)
@folder
@plugins
@click.option(
    "--pictures",
    default="png",
    metavar="LIST",
    callback=_endings,
    help="What pictures are saved as: png, svg, pdf or several with commas between.",
)
@click.option(
    "--format",
    "paper",
    type=click.Choice(["html", "md", "tex"]),
    default="html",
    help="Also write a manuscript beside the page: Markdown, or LaTeX with booktabs tables.",
)
def report(folder: Path, pictures: tuple[str, ...], paper: str) -> int:
    """(Re)build the report of a results folder.

    If its sweep is unfinished, what is done is collected first.
    """
    from galleria.experiments.galleria import Galleria
    from galleria.experiments.results.folder import Folder

    needed = {"html": (), "md": ("png",), "tex": ("pdf",)}[paper]
    pictures, papers = tuple({*pictures, *needed}), () if paper == "html" else (paper,)
    return rebuild(Folder(folder.resolve()), Galleria(pictures, papers))


def rebuild(folder: "Folder", model: "Model") -> int:
    """Build the report; if the sweep stopped on its way, from the runs that are done."""
    from galleria.experiments.commands.tables import warn_of_altered
    from galleria.experiments.results.collect import collect
    from galleria.experiments.sweep.conclusion import conclude
    from galleria.models.errors import UsageError

    folder.read_provenance()
    if folder.runs.is_dir():
        with folder.locked():
            collected = collect(folder, seconds=0.0)
        if collected.done == 0:
            raise UsageError(f"{folder.path} has no finished run yet, of {collected.planned}")
        if collected.missing:
            missing = f"{collected.missing} of {collected.planned} runs are missing"
            click.echo(f"galleria: {missing}; the report is of the others", err=True)
    warn_of_altered(folder)
    return conclude(folder, model, quiet=False)
