"""How far a sweep is, read from its folder: from inside, or from another shell."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(frozen=True)
class Tally:
    """Runs that came to an end."""

    done: int
    failed: int

    @property
    def ended(self) -> int:
        """Runs that are done or failed."""
        return self.done + self.failed

    @classmethod
    def of(cls, folder: Folder) -> Self:
        """Count them."""
        status = [status for _, status in runfile.finished_runs(folder.runs)]
        return cls(status.count("done"), status.count("failed"))


@contextmanager
def shown(folder: Folder, planned: int, *, quiet: bool) -> Iterator[None]:
    """Show a bar while the sweep works, if the output is a terminal.

    Parameters
    ----------
    folder
        The results folder.
    planned
        Runs of the plan.
    quiet
        Show nothing.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 (slow to import)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
    )
    stop = threading.Event()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("Runs", total=planned, pace="", completed=Tally.of(folder).ended)
        watcher = threading.Thread(target=_watch, args=(folder, progress, bar, planned, stop), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            stop.set()
            watcher.join()


def _watch(folder: Folder, progress: "Progress", bar: "TaskID", planned: int, stop: threading.Event) -> None:
    first, started = Tally.of(folder), time.monotonic()
    while True:
        last = stop.wait(0.25)
        tally = Tally.of(folder)
        pace = _pace(tally, first, planned, time.monotonic() - started)
        progress.update(bar, completed=tally.ended, pace=pace)
        if last:
            return


def _pace(tally: Tally, first: Tally, planned: int, seconds: float) -> str:
    """Say how fast runs end and how long the rest will take; nothing before one has ended."""
    parts = []
    if (new := tally.ended - first.ended) > 0:
        left = timedelta(seconds=round((planned - tally.ended) * seconds / new))
        parts += [f"{new / max(seconds, 0.1):.1f}/s", f"{left} left"]
    if tally.failed:
        parts.append(f"[red]{tally.failed} failed[/red]")
    return ", ".join(parts)
