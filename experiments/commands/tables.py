"""Tables for a terminal, for a pipe, and for machines."""

import click
import pandas as pd
from rich.box import SIMPLE
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from galleria.experiments.results.collect import altered_tables
from galleria.experiments.results.folder import Folder

_WIDE = 10_000
"""Columns of a pipe, which cuts nothing."""


def print_table(frame: pd.DataFrame, *, csv: bool) -> None:
    """Print a frame as a table for eyes or for machines; a row a block where a terminal is too narrow."""
    if csv:
        click.echo(frame.to_csv(index=False), nl=False)
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for name in frame.columns:
        table.add_column(str(name), justify="right" if pd.api.types.is_numeric_dtype(frame[name]) else "left")
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    for row in rows:
        table.add_row(*row)
    if Measurement.get(console, console.options.update(max_width=_WIDE), table).maximum <= console.width:
        console.print(table)
        return
    widest = max(len(str(name)) for name in frame.columns)
    for row in rows:
        lines = [f"{name!s:<{widest}}  {cell}" for name, cell in zip(frame.columns, row, strict=True)]
        click.echo("\n".join(lines) + "\n")


def warn_of_altered(folder: Folder) -> None:
    """Say which collected tables are not as they were written."""
    for name in altered_tables(folder):
        click.echo(f"galleria: {folder.path / name} is not as it was written", err=True)


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
