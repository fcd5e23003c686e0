"""How far a sweep is, read from its folder: from inside, or from another shell."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from experiments.results import runfile
from experiments.results.folder import Folder


@dataclass(frozen=True)
class Tally:
    """Runs that came to an end."""

    done: int
    failed: int

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
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    stop = threading.Event()
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Runs", total=planned, told="", completed=Tally.of(folder).done)
        watcher = threading.Thread(target=_watch, args=(folder, progress, bar, stop), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            stop.set()
            watcher.join()


def _watch(folder: Folder, progress: Progress, bar: object, stop: threading.Event) -> None:
    first, started = Tally.of(folder), time.monotonic()
    while True:
        last = stop.wait(0.25)
        tally = Tally.of(folder)
        rate = (tally.done + tally.failed - first.done - first.failed) / max(time.monotonic() - started, 0.1)
        told = f"{rate:.1f}/s" + (f", [red]{tally.failed} failed[/red]" if tally.failed else "")
        progress.update(bar, completed=tally.done + tally.failed, told=told)  # type: ignore[arg-type]
        if last:
            return
