"""The Hydra entry point: `python -m experiments.run [-m] [OVERRIDES]`, and what `galleria run|sweep` call.

Everything is checked before Hydra starts: the overrides, each value of a sweep, the results folder and the
cities. Then Hydra's launcher and sweeper do the runs, and what they wrote is collected whether or not all went
well.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import hydra
from hydra._internal.utils import get_args_parser
from omegaconf import DictConfig, OmegaConf

from experiments.collect import altered_runs, collect, write_parquet
from experiments.compose import Source, composer, with_value
from experiments.conclusion import conclude
from experiments.errors import UsageError
from experiments.folder import Folder, write_json, write_text
from experiments.model import Galleria, Model
from experiments.ownership import check_belongs, forget_failed, is_complete
from experiments.plan import Plan, plan_design, plan_point, run_key, settings_digest, told, without_questions
from experiments.progress import shown
from experiments.provenance import command_line, describe
from experiments.request import Request, parse
from experiments.sweep import WorkerLostError, hold_libraries_to_one_thread, missing
from experiments.worker import Worker, read_tasks, shard_order, write_tasks

CONF = Path(__file__).resolve().parent.parent / "conf"
OUTPUTS = Path("outputs")


@dataclass(frozen=True)
class Command:
    """What is to be run, and how it is told.

    Attributes
    ----------
    overrides
        As Hydra takes them.
    multirun
        Use Hydra's sweeper.
    source
        Where the configuration is.
    quiet
        Show no progress and print only the report's path.
    dry_run
        Print the plan and run nothing.
    retry_failed
        Do failed runs again.
    debug
        Show tracebacks.
    """

    overrides: tuple[str, ...]
    multirun: bool = False
    source: Source = field(default_factory=lambda: Source(CONF))
    quiet: bool = False
    dry_run: bool = False
    retry_failed: bool = False
    debug: bool = False


class Job:
    """What one Hydra job does: a shard of the plan, or with Hydra's own sweeper one point."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, config: DictConfig) -> None:
        """Do the runs this job is asked for."""
        folder = Folder(Path(config.run.output))
        session = folder.session.read_text(encoding="utf-8")
        tasks = read_tasks(folder)
        if config.shard is None:
            wanted = self._keys(config)
            order = iter([task for task in tasks if task.run.key in wanted])
        else:
            shard, shards = map(int, config.shard.split("/"))
            order = shard_order(tasks, shard, shards)
        Worker(folder, self.model, session).work(order)

    def _keys(self, config: DictConfig) -> set[str]:
        """Find the keys of the point that Hydra's own sweeper composed."""
        tree: Any = OmegaConf.to_container(config, resolve=True)
        digest = settings_digest(checked := self.model.check(without_questions(tree)))
        version = self.model.version()
        return {run_key(digest, i, version) for i in range(checked["run"]["replications"])}


def main(argv: Sequence[str] | None = None, model: Model | None = None, source: Source | None = None) -> int:
    """Run as a Hydra program; give the exit code."""
    args = get_args_parser().parse_args(argv)
    model = model or Galleria()
    source = source or Source(CONF)
    if args.help or args.hydra_help or args.cfg or args.info or args.shell_completion:
        hydra_program(list(sys.argv[1:] if argv is None else argv), Job(model), source)
        return 0
    source = replace(
        source,
        folder=Path(args.config_path).resolve() if args.config_path else source.folder,
        name=args.config_name or source.name,
        extra=Path(args.config_dir) if args.config_dir else source.extra,
    )
    return execute(Command(tuple(args.overrides), multirun=args.multirun, source=source), model)


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
        print(f"galleria: {error.paragraph()}", file=sys.stderr)  # noqa: T201
        return 2


def _execute(command: Command, model: Model) -> int:
    with composer(command.source) as composing:
        request = parse(command.overrides, composing)
        make = plan_design if command.multirun else plan_point
        plan = make(request, composing, model)
        arguments = _hydra_arguments(command, request, plan)
    if command.dry_run:
        print(told(plan))  # noqa: T201
        return 0
    folder = Folder(_output(plan, sweeping=command.multirun))
    check_belongs(folder, plan)
    folder.check_writable()
    _prepare_shared(plan, model)
    with folder.locked():
        check_belongs(folder, plan)
        return _sitting(command, plan, folder, Job(model), arguments)


def _sitting(command: Command, plan: Plan, folder: Folder, job: Job, arguments: list[str]) -> int:
    """Do what is missing of a plan, collect and report."""
    started = time.monotonic()
    if not is_complete(folder, plan):
        _begin(folder, plan)
        if command.retry_failed:
            forget_failed(folder)
        for key in altered_runs(folder):
            print(f"galleria: the file of run {key} was altered; it is done again", file=sys.stderr)  # noqa: T201
        trouble = ""
        if missing(folder):
            folder.open_session()
            hold_libraries_to_one_thread()
            with shown(folder, len(plan.runs), quiet=command.quiet):
                trouble = _call_hydra([*arguments, f"run.output={quoted(str(folder.path))}"], job, command)
        if left := missing(folder):
            advice = f"Run the same command again to continue; galleria report {folder.path} shows what is done."
            told = f"{left} of {len(plan.runs)} runs are not done. {trouble}".strip()
            print(f"galleria: {told}\n{advice}", file=sys.stderr)  # noqa: T201
            return 1
        collect(folder, time.monotonic() - started)
    return conclude(folder, job.model, quiet=command.quiet)


def _begin(folder: Folder, plan: Plan) -> None:
    """Write the plan before anything runs."""
    if folder.points.exists():
        return
    write_json(folder.provenance, describe(plan, command_line()))
    portable = with_value(plan.config, "run.output", None)  # results can be moved, and compared
    write_text(folder.path / "config.yaml", OmegaConf.to_yaml(OmegaConf.create(portable)))
    write_parquet(plan.frame(), folder.plan)
    write_tasks(folder, plan)


def _call_hydra(arguments: list[str], job: Job, command: Command) -> str:
    """Let Hydra do the runs; give what stopped it in words, or nothing."""
    try:
        hydra_program(arguments, job, command.source)
    except KeyboardInterrupt:
        return "It was interrupted."
    except WorkerLostError:
        return "Workers died again and again: they were killed, or the memory is too small for so many at a time."
    except Exception as error:
        if command.debug:
            raise
        return f"{type(error).__name__}: {error}"
    return ""


def _hydra_arguments(command: Command, request: Request, plan: Plan) -> list[str]:
    """Translate a command for Hydra: its arguments, and the sweeper that can work through the plan."""
    arguments = list(command.overrides)
    if not command.multirun and len(plan.runs) == 1:
        return arguments
    sweeper = request.chosen("hydra/sweeper")
    of_config = [key for key in plan.factors if key not in request.sweeps]
    if sweeper is None and (of_config or plan.design.kind != "factorial" or not command.multirun):
        sweeper = "galleria"
        arguments.append("hydra/sweeper=galleria")
    if sweeper in {None, "basic"}:
        if plan.design.kind != "factorial":
            raise UsageError(f"hydra/sweeper=basic cannot do design={plan.design.kind}; hydra/sweeper=galleria can")
        for key in of_config:
            values = plan.factors[key].listed(key)
            arguments.append(f"{key}={','.join(quoted(value) for value in values)}")
    elif sweeper != "galleria":
        raise UsageError(f"hydra/sweeper={sweeper}: Galleria's plans need hydra/sweeper=galleria or basic")
    return ["--multirun", *arguments]


def hydra_program(arguments: list[str], job: Job, source: Source) -> None:
    """Run Hydra's own program with a command line."""
    before, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    own = ["--config-dir", str(source.extra)] if source.extra is not None else []
    sys.argv = [before[0], *own, *arguments]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come back as exceptions instead of ending the process
    try:
        hydra.main(version_base="1.3", config_path=str(source.folder.resolve()), config_name=source.name)(job)()
    finally:
        sys.argv = before
        if full_error is None:
            del os.environ["HYDRA_FULL_ERROR"]


def quoted(value: object) -> str:
    """Write a value in Hydra's grammar."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return str(value)


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


if __name__ == "__main__":
    # By its importable name, so that workers find the job under it.
    from experiments.run import main as imported_main

    sys.exit(imported_main())
