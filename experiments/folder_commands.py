"""What can be asked of a results folder: how far it is, its report, and anything in SQL."""

import sys
import time

import duckdb
import pandas as pd
from rich.console import Console
from rich.table import Table

from experiments.collect import collect
from experiments.conclusion import conclude
from experiments.errors import UsageError
from experiments.folder import Folder
from experiments.model import Model
from experiments.progress import Tally


def report(folder: Folder, model: Model) -> int:
    """Build the report; if the sweep stopped on its way, from the runs that are done."""
    folder.read_provenance()
    if folder.runs.is_dir():
        with folder.locked():
            collected = collect(folder, seconds=0.0)
        if collected.done == 0:
            raise UsageError(f"{folder.path} has no finished run yet, of {collected.planned}")
        if collected.missing:
            print(  # noqa: T201
                f"galleria: {collected.missing} of {collected.planned} runs are missing; the report is of the others",
                file=sys.stderr,
            )
    return conclude(folder, model, quiet=False)


def status(folder: Folder) -> int:
    """Print how far the sweep is."""
    provenance = folder.read_provenance()
    planned = int(provenance["runs"])
    if folder.runs.is_dir():
        tally = Tally.of(folder)
        ended = [path.stat().st_mtime for path in folder.runs.iterdir() if path.suffix in {".done", ".failed"}]
        state = "running" if folder.is_locked() else "stopped"
        left = planned - tally.done - tally.failed
        rate = _rate(ended)
        told = f", {rate:.2f} runs/s, {left / rate / 60:.0f} min left" if state == "running" and rate else ""
        if not left:
            state = "finished"
    else:
        runs = pd.read_parquet(folder.path / "runs.parquet", columns=["status"])
        tally = Tally(int((runs["status"] == "done").sum()), int((runs["status"] == "failed").sum()))
        state, told, left = "finished", "", planned - len(runs)
    print(  # noqa: T201
        f"{provenance['experiment']}: {state}; {tally.done} of {planned} runs done, {tally.failed} failed,"
        f" {left} to do{told}"
    )
    return 0


def query(folder: Folder, sql: str, *, csv: bool) -> int:
    """Run SQL over the tables of a folder and print the result."""
    folder.read_provenance()
    with duckdb.connect() as database:
        tables = {path.stem: path for path in sorted(folder.path.glob("*.parquet"))}
        tables |= {path.name: path / "*.parquet" for path in sorted((folder.path / "tables").glob("*"))}
        for name, path in tables.items():
            database.read_parquet(str(path), union_by_name=True).create_view(name)
        try:
            frame = database.execute(sql).df()
        except duckdb.Error as error:
            raise UsageError(f"SQL: {str(error).strip()}") from error
    if csv:
        print(frame.to_csv(index=False), end="")  # noqa: T201
        return 0
    table = Table(*[str(name) for name in frame.columns])
    for row in frame.itertuples(index=False):
        table.add_row(*[_cell(value) for value in row])
    Console().print(table)
    return 0


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _rate(ended: list[float]) -> float:
    """Give runs a second over the last two minutes of work."""
    recent = [when for when in ended if when > time.time() - 120]
    return len(recent) / max(time.time() - min(recent), 1.0) if recent else 0.0
