"""`galleria verify`: the model against closed forms, identities and others' data, as one table."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from galleria.experiments.commands.options import DIR, as_json, command


@command(
    "  galleria verify --quick\n"
    "  galleria verify --data ../shared/data --page docs/verification.md\n"
    "  galleria verify --only Q2 --only M3.rate --json"
)
@click.option("--only", multiple=True, metavar="ID", help="Only this row, those below it, or those of a subject.")
@click.option("--quick", is_flag=True, help="Only rows that take a second or two.")
@click.option("--data", type=DIR, envvar="GALLERIA_DATA", metavar="FOLDER", help="Others' data; without it rows skip.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes.")
@click.option("--page", type=DIR, metavar="FILE", help="Write the table as a page of Markdown, too.")
@as_json
def verify(
    only: Sequence[str], data: Path | None, workers: int, page: Path | None, *, quick: bool, as_json: bool
) -> int:
    """Hold the model against closed forms and others' data.

    Every row has an estimate, its oracle, and how far apart they may be. Ends with 1 if a row fails.
    """
    from galleria.experiments.commands.tables import print_table
    from galleria.experiments.galleria import Galleria
    from galleria.experiments.verification.page import frame_of, json_of, page_of, summary_of
    from galleria.experiments.verification.running import Line, chosen, run_rows

    def tell(line: Line) -> None:
        if line.is_bad or sys.stderr.isatty():
            click.echo(f"{line.verdict}: {line.id} {line.remark}", err=True)

    began = time.perf_counter()
    lines = run_rows(chosen(only, quick=quick), data, workers, tell)
    seconds = time.perf_counter() - began
    if page is not None:
        page.write_text(page_of(lines, Galleria().version(), seconds), encoding="utf-8")
    if as_json:
        click.echo(json_of(lines))
    else:
        print_table(frame_of(lines), csv=False)
        click.echo(summary_of(lines, seconds))
    return int(any(line.is_bad for line in lines))
