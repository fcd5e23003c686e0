"""What is to be run, and how it is said to Hydra."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import hydra
from omegaconf import DictConfig

from experiments.design.compose import CONF, Source
from experiments.design.plan import Plan
from experiments.design.request import Request
from experiments.errors import UsageError
from experiments.sweep.worker import Part


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
    part
        The part of the plan that this machine does.
    debug
        Show tracebacks.
    """

    overrides: tuple[str, ...]
    multirun: bool = False
    source: Source = field(default_factory=lambda: Source(CONF))
    quiet: bool = False
    dry_run: bool = False
    retry_failed: bool = False
    part: Part = field(default_factory=Part)
    debug: bool = False


def hydra_arguments(command: Command, request: Request, plan: Plan) -> list[str]:
    """Translate a command for Hydra: its arguments, and the sweeper that can work through the plan."""
    # The plan has answered the question; Hydra would refuse new keys in it (design.objective={welfare_usd: 1}).
    arguments = [text for text in command.overrides if not text.lstrip("+~").startswith(_QUESTIONS)]
    grows = "run.replications=auto" if plan.stopping is not None else "design=optimise"
    fixed = plan.stopping is None and plan.design.kind != "optimise"
    if command.part.parts > 1 and not fixed:
        raise UsageError(f"{grows} adds runs by what it finds, so it needs all runs in one place: leave out --part")
    if not command.multirun and len(plan.runs) == 1:
        return arguments
    sweeper = request.chosen("hydra/sweeper")
    of_config = [key for key in plan.factors if key not in request.sweeps]
    plain = plan.design.kind == "factorial" and plan.stopping is None
    if sweeper is None and (of_config or not plain or not command.multirun):
        sweeper = "galleria"
        arguments.append("hydra/sweeper=galleria")
    if sweeper in {None, "basic"}:
        if not plain:
            what = "run.replications=auto" if plan.stopping is not None else f"design={plan.design.kind}"
            raise UsageError(f"hydra/sweeper=basic cannot do {what}; hydra/sweeper=galleria can")
        for key in of_config:
            values = plan.factors[key].listed(key)
            if any(isinstance(value, str) and "+" in value for value in values):
                raise UsageError(f"hydra/sweeper=basic cannot choose several of {key}; hydra/sweeper=galleria can")
            arguments.append(f"{key}={','.join(quoted(value) for value in values)}")
    elif sweeper != "galleria":
        raise UsageError(f"hydra/sweeper={sweeper}: Galleria's plans need hydra/sweeper=galleria or basic")
    return ["--multirun", *arguments]


_QUESTIONS = ("design.", "experiment.")


def hydra_program(arguments: list[str], job: Callable[[DictConfig], None], source: Source) -> None:
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
