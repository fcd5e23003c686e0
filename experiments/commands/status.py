"""`galleria status`: how far a sweep is, from any shell."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import command, folder

if TYPE_CHECKING:
    from galleria.experiments.results.folder import Folder


@command("  galleria status outputs/driver_supply_x_opt_in/3f2a9c1b7d55")
@folder
def status(folder: Path) -> None:
    """Say how far a sweep is, from any shell."""
    from galleria.experiments.results.folder import Folder

    click.echo(state_of(Folder(folder.resolve())))


def state_of(folder: "Folder") -> str:
    """Return how far a sweep is, in one sentence."""
    import pandas as pd

    from galleria.experiments.sweep.progress import Tally

    provenance = folder.read_provenance()
    planned = int(provenance["runs"])
    pace = ""
    if folder.runs.is_dir():
        tally = Tally.of(folder)
        left = planned - tally.done - tally.failed
        state = "finished" if not left else "running" if folder.is_locked() else "stopped"
        ended = [path.stat().st_mtime for path in folder.runs.iterdir() if path.suffix in {".done", ".failed"}]
        if state == "running" and (rate := _rate(ended)):
            pace = f", {rate:.2f} runs/s, {left / rate / 60:.0f} min left"
    else:
        runs = pd.read_parquet(folder.path / "runs.parquet", columns=["status"])
        tally = Tally(int((runs["status"] == "done").sum()), int((runs["status"] == "failed").sum()))
        state, left = "finished", planned - len(runs)
    counts = f"{tally.done} of {planned} runs done, {tally.failed} failed, {left} to do"
    return f"{provenance['experiment']}: {state}; {counts}{pace}"


def _rate(ended: list[float]) -> float:
    """Return runs a second over the last two minutes of work."""
    recent = [when for when in ended if when > time.time() - 120]
    return len(recent) / max(time.time() - min(recent), 1.0) if recent else 0.0
