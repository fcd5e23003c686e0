"""`galleria bench`: what the model costs, and how it does on others' data."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import DIR, HELP, as_json, command, config_dir, folder, overrides
from galleria.models.errors import UsageError

if TYPE_CHECKING:
    from galleria.agents.dispatch.settings import DispatchSettings


@click.group(
    context_settings=HELP,
    invoke_without_command=True,
    epilog="\b\nexamples:\n  galleria bench --quick\n  galleria bench --json > bench.json",
)
@click.option("--quick", is_flag=True, help="Small sizes, within a minute.")
@as_json
@click.pass_context
def bench(context: click.Context, *, quick: bool, as_json: bool) -> None:
    """Measure what the model costs, beside what it is meant to cost.

    Parts of a default day, how work grows with orders, many replications, and how long a command takes to begin;
    seconds are the processor's unless the clock is named. Ratios and exponents hold on any machine, seconds on
    this one.
    """
    if context.invoked_subcommand is not None:
        return
    from galleria.experiments.benchmarks.suite import measured
    from galleria.experiments.commands.tables import print_table

    rows = []
    for row in measured(quick=quick):
        rows.append(row)
        if sys.stderr.isatty():
            click.echo(f"\r{len(rows)} measured: {row.what:<60.60}", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo(f"\r{'':80}\r", nl=False, err=True)
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False))
        return
    import pandas as pd

    shown = [(row.part, row.what, f"{row.figure:,.4g} {row.unit}", row.target, row.verdict) for row in rows]
    print_table(pd.DataFrame(shown, columns=["part", "what", "figure", "target", "verdict"]), csv=False)


def settings_of(overrides: Sequence[str], extra: Path | None) -> "DispatchSettings":
    """Compose and check the dispatch settings of a command line."""
    from galleria.agents.dispatch.settings import DispatchSettings
    from galleria.experiments.design.one_node import one_node

    chosen = list(overrides)
    if not any(text.startswith("dispatch=") for text in chosen):
        chosen.insert(0, "dispatch=meals")
    return one_node("dispatch", DispatchSettings, chosen, "bench", extra)


@command(
    "  galleria bench mdrp ../shared/data/mdrplib\n"
    "  galleria bench mdrp mdrplib --only 0o100 --output outputs/mdrp --json\n"
    "  galleria bench mdrp ../shared/data/mdrplib dispatch.rule=greedy --greedy"
)
@folder
@overrides
@config_dir
@click.option("--only", metavar="TEXT", default="", help="Only instances whose name contains this.")
@click.option("--output", type=DIR, metavar="DIR", help="Write the solution files, a folder an instance.")
@click.option("--greedy", is_flag=True, help="Run the simple greedy too, and compare.")
@as_json
def mdrp(
    folder: Path,
    overrides: Sequence[str],
    config_dir: Path | None,
    only: str,
    output: Path | None,
    *,
    greedy: bool,
    as_json: bool,
) -> None:
    """Run instances of the meal-delivery routing problem through the market's dispatcher.

    DIR holds instances, or archives of them; KEY=VALUE are dispatch settings, from dispatch=meals on.
    """
    from galleria.experiments.mdrp import find_instances, read_bounds, run_greedy, run_instance, score
    from galleria.experiments.mdrp.solution import write_solution
    from galleria.experiments.mdrp.table import table_of, warm_up

    settings = settings_of(overrides, config_dir)
    found = [(name, read) for name, read in find_instances(folder) if only in name]
    if not found:
        raise UsageError(f"no instance in {folder} has {only!r} in its name")
    bounds = read_bounds(folder)
    warm_up(settings)
    rows = []
    for number, (_name, read) in enumerate(found, start=1):
        instance = read()
        began = time.perf_counter()
        done = run_instance(instance, settings)
        row = score(done, bounds)
        row["seconds"] = time.perf_counter() - began
        if greedy:
            simple = score(run_greedy(instance), bounds)
            row |= {"greedy_delivered": simple["delivered"], "greedy_ctd_mean": simple["ctd_mean"]}
        if output is not None:
            write_solution(done, output / instance.name)
        rows.append(row)
        if sys.stderr.isatty():
            click.echo(f"\r{number} of {len(found)} instances", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    click.echo(json.dumps(rows, indent=1) if as_json else table_of(rows))


bench.add_command(mdrp)
