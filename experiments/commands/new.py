"""`galleria new`: a working skeleton in a researcher's own folder."""

from pathlib import Path

import click

from galleria.experiments.commands.options import DIR, command, plugins

KINDS = ("policy", "courier", "dispatch", "measure", "figure", "experiment")


@command("  galleria new policy night_bonus\n  galleria new measure orders_at_night --into my_lab", name="new")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("name", metavar="NAME")
@click.option("--into", type=DIR, default=Path("my_lab"), metavar="DIR", help="Your own folder [my_lab].")
@plugins
def new(kind: str, name: str, into: Path) -> None:
    """Write a small example of KIND to start from.

    KIND is policy, courier, dispatch, measure, figure or experiment.

    It works as it stands: the command that runs it is printed. Nothing is overwritten.
    """
    from galleria.experiments.new import new as write

    made = write(kind, name, into)
    for path in made.files:
        click.echo(f"wrote {path}")
    click.echo(f"run it: {made.command}")
