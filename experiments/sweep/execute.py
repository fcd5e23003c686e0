"""From a command to results: check everything, let Hydra do the runs, collect, report.

Everything is checked before Hydra starts: the overrides, each value of a sweep, the results folder and the
cities. Then Hydra's launcher and sweeper do the runs, and what they wrote is collected whether or not all went
well.
"""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from omegaconf import OmegaConf

from galleria.experiments.design.compose import Composer, composer
from galleria.experiments.design.factors import Point
from galleria.experiments.design.model import Model
from galleria.experiments.design.plan import Plan, describe
from galleria.experiments.design.planning import plan_design, plan_point, with_more_points
from galleria.experiments.design.plausible import implausible
from galleria.experiments.design.request import Request, parse
from galleria.experiments.design.trees import with_value
from galleria.experiments.results.collect import altered_runs, collect, write_parquet
from galleria.experiments.results.folder import Folder, write_json, write_text
from galleria.experiments.sweep.command import Command, HydraCall, hydra_call, quoted
from galleria.experiments.sweep.conclusion import conclude
from galleria.experiments.sweep.growth import Growth, growth_of
from galleria.experiments.sweep.job import Job
from galleria.experiments.sweep.launch import WorkerLostError, missing, tell_libraries, workers
from galleria.experiments.sweep.ownership import check_belongs, forget_failed, is_complete
from galleria.experiments.sweep.progress import shown
from galleria.experiments.sweep.provenance import command_line, provenance_of
from galleria.experiments.sweep.worker import Part, read_tasks, write_tasks
from galleria.models.errors import UsageError

OUTPUTS = Path("outputs")


def execute(command: Command, model: Model) -> int:
    """Do a command; tell what went wrong in words.

    Returns
    -------
    0, or 1 when runs failed or are missing, or 2 when nothing could be started.
    """
    try:
        return _execute(command, model)
    except UsageError as error:
        if command.debug:
            raise
        click.echo(f"galleria: {error.paragraph()}", err=True)
        return 2
    except OSError as error:  # a full disk, a lost network drive
        if command.debug:
            raise
        click.echo(f"galleria: {error}. What is done stays; the same command continues.", err=True)
        return 1


def _execute(command: Command, model: Model) -> int:
    with composer(command.source) as composing:
        request = _request(command, composing)
        make = plan_design if command.multirun else plan_point
        plan = make(request, composing, model)
        call = hydra_call(command, request, plan, composing)
        jobs = workers(composing.hydra_node(request.choices)) if command.dry_run else 0
    for remark in implausible(plan.trees):
        click.echo(f"galleria: {remark}", err=True)
    if command.dry_run:
        click.echo(describe(plan))
        click.echo(expected_time(plan, model, jobs))
        return 0
    folder = Folder(_output(plan, sweeping=command.multirun))
    check_belongs(folder, plan)
    folder.check_writable()
    _prepare_shared(plan, model)
    tell = (lambda _: None) if command.quiet else click.echo
    growth = growth_of(plan, partial(_with_points, command, request, model), request, tell)
    with folder.locked():
        check_belongs(folder, plan)
        return _sitting(command, plan, folder, Job(model), call, growth)


def _request(command: Command, composing: Composer) -> Request:
    """Read what is asked for: the overrides, and what the command itself sets."""
    request = parse(command.overrides, composing)
    for key, value in command.asked.items():
        request = request.with_assignment(key, value)
    return request


def _with_points(
    command: Command, request: Request, model: Model, plan: Plan, points: Sequence[Point]
) -> tuple[Plan, list[str]]:
    """Make points part of a plan that has begun."""
    with composer(command.source) as composing:
        return with_more_points(plan, points, request, composing, model)


def _sitting(command: Command, plan: Plan, folder: Folder, job: Job, call: HydraCall, growth: Growth) -> int:
    """Do what is missing of a plan, collect and report."""
    started = time.monotonic()
    if folder.provenance.exists():
        plan = growth.restored(folder, plan)
    if not is_complete(folder, plan):
        _begin(folder, plan, command.part)
        if command.retry_failed:
            forget_failed(folder)
        for key in altered_runs(folder):
            click.echo(f"galleria: the file of run {key} was altered; it is done again", err=True)
        while True:
            trouble = _do_missing(command, plan, folder, job, call)
            if left := missing(folder):
                _warn_unfinished(folder, f"{left} of {len(plan.runs)} runs are not done. {trouble}".strip())
                return 1
            if command.part.parts > 1:
                click.echo(f"Part {command.part.number} of {command.part.parts} is done: {folder.path}")
                click.echo("galleria merge puts the parts together.")
                return 0
            grown = growth.grown(folder, plan)
            if grown is None:
                break
            plan = grown
            _write_plan(folder, plan, command.part)
        collect(folder, time.monotonic() - started)
    return conclude(folder, job.model, quiet=command.quiet)


def _do_missing(command: Command, plan: Plan, folder: Folder, job: Job, call: HydraCall) -> str:
    """Let Hydra do the runs that are missing; return what stopped it in words, or nothing."""
    if not missing(folder):
        return ""
    folder.open_session()
    tell_libraries()
    with shown(folder, len(plan.runs), quiet=command.quiet):
        return _call_hydra(partial(call, job, f"run.output={quoted(str(folder.path))}"), debug=command.debug)


def _warn_unfinished(folder: Folder, message: str) -> None:
    advice = f"Run the same command again to continue; galleria report {folder.path} shows what is done."
    click.echo(f"galleria: {message} {advice}", err=True)


def _begin(folder: Folder, plan: Plan, part: Part) -> None:
    """Write the plan before anything runs."""
    if not folder.points.exists():
        write_json(folder.provenance, provenance_of(plan, command_line()))
    if not folder.points.exists() or len(read_tasks(folder)) != len(part.of(plan)):
        _write_plan(folder, plan, part)


def _write_plan(folder: Folder, plan: Plan, part: Part) -> None:
    """Write what the plan says; the workers' part comes last and says that all is there."""
    size = {"replications": plan.replications, "runs": len(plan.runs), "points": len(plan.points)}
    write_json(folder.provenance, folder.read_provenance() | size)
    # No folder in it: results can be moved, and compared.
    portable = with_value(with_value(plan.config, "run.output", None), "run.replications", plan.replications)
    write_text(folder.path / "config.yaml", OmegaConf.to_yaml(OmegaConf.create(portable)))
    write_parquet(plan.frame(), folder.plan)
    write_tasks(folder, plan, part)


def _call_hydra(call: Callable[[], None], *, debug: bool) -> str:
    """Let Hydra do the runs; return what stopped it in words, or nothing."""
    try:
        with _ended_as_interrupted():
            call()
    except KeyboardInterrupt:
        return "It was interrupted."
    except WorkerLostError:
        return "Workers died again and again: they were killed, or the memory is too small for so many at a time."
    except Exception as error:
        if debug:
            raise
        return f"{type(error).__name__}: {error}"
    return ""


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Let SIGTERM, as a scheduler sends it, end a sweep as Ctrl-C does: in words, and with nothing left behind."""
    if threading.current_thread() is not threading.main_thread():  # elsewhere Python takes no signals
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def expected_time(plan: Plan, model: Model, jobs: int) -> str:
    """Time one run of the plan and say what all of them will take."""
    tree = plan.trees[len(plan.trees) // 2]
    prepared = model.prepare(tree)
    model.simulate(tree, prepared, 0)  # the first run also compiles and warms caches
    started = time.perf_counter()
    model.simulate(tree, prepared, 0)
    seconds = time.perf_counter() - started
    whole = len(plan.runs) * seconds / min(jobs, len(plan.runs))
    time_needed = (
        f"{whole:.0f} s" if whole < 120 else f"{whole / 60:.0f} min" if whole < 7200 else f"{whole / 3600:.1f} h"
    )
    return f"  about {time_needed} with {jobs} workers (a run of point {len(plan.trees) // 2} took {seconds:.2f} s)"


def _output(plan: Plan, *, sweeping: bool) -> Path:
    """Choose the results folder: the named one, or a sweep's by its plan, or a single point's by the time."""
    named = plan.trees[0]["run"].get("output")
    if named:
        return Path(named).expanduser().resolve()
    place = OUTPUTS.resolve() / plan.experiment.name
    if sweeping:
        return place / plan.key[:12]
    return place / datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S-%f")[:-3]


def _prepare_shared(plan: Plan, model: Model) -> None:
    """Build each city once, before workers would all do it at the same time; wrong files are told here."""
    seen = set()
    for tree in plan.trees:
        key = json.dumps(model.shared(tree), sort_keys=True)
        if key not in seen:
            seen.add(key)
            model.prepare(tree)
