"""What is to be run, and how Hydra is asked to run it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig

from galleria.experiments.design.compose import CONF, Composer, Source, opened
from galleria.experiments.design.designs import GROWING
from galleria.experiments.design.draws import NODE
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.request import Request
from galleria.experiments.design.trees import has_key
from galleria.experiments.sweep.worker import Part
from galleria.models.errors import UsageError


@dataclass(frozen=True)
class Command:
    """What is to be run, and how much of it is shown.

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
    asked
        Settings of the question that do not stand among the overrides, by config key: what a calibration's file says.
    """

    overrides: tuple[str, ...]
    multirun: bool = False
    source: Source = field(default_factory=lambda: Source(CONF))
    quiet: bool = False
    dry_run: bool = False
    retry_failed: bool = False
    part: Part = field(default_factory=Part)
    debug: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)


BASIC_POINTS = 50
"""Points beyond which Hydra's own sweeper, which composes each twice, is no longer the default."""


@dataclass(frozen=True)
class HydraCall:
    """How Hydra is asked to do the runs of a plan.

    Attributes
    ----------
    source
        Where the configuration is.
    overrides
        What Hydra composes.
    multirun
        Whether a sweeper works through several runs, or one job does the only one.
    """

    source: Source
    overrides: tuple[str, ...]
    multirun: bool

    def __call__(self, job: Callable[[DictConfig], None], *more: str) -> None:
        """Let Hydra's launcher do a job under these overrides and some more.

        Hydra raises what a job raised.
        """
        overrides = self.source.with_search_path((*self.overrides, *more))
        with opened(self.source):
            hydra = GlobalHydra.instance().hydra
            if hydra is None:
                raise AssertionError
            run = hydra.multirun if self.multirun else hydra.run
            run(self.source.name, job, overrides)


def hydra_call(command: Command, request: Request, plan: Plan, composer: Composer) -> HydraCall:
    """Return how Hydra can work through a plan.

    Parameters
    ----------
    command, request, plan
        What is asked for.
    composer
        Composes what Hydra will.
    """
    composed = composer.compose(request.choices)
    grows = "run.replications=auto" if plan.stopping is not None else f"design={plan.design.kind}"
    fixed = plan.stopping is None and plan.design.kind not in GROWING
    if command.part.parts > 1 and not fixed:
        raise UsageError(f"{grows} adds runs by what it finds, so it needs all runs in one place: leave out --part")
    # The plan has answered the question; Hydra would refuse new keys in it (design.objective={welfare_usd: 1}), and
    # keys that only some choice of a swept group brings.
    values = [each.text for each in request.assignments if each.applies(composed) and not _is_question(each.key)]
    arguments = [*request.choices, *values]
    if not command.multirun and len(plan.runs) == 1:
        return HydraCall(command.source, tuple(arguments), multirun=False)
    wanted, cannot = request.choice_of("hydra/sweeper"), _what_basic_cannot(request, plan, composer)
    from_config = [key for key in plan.factors if key not in request.sweeps]
    many = len(plan.points) > BASIC_POINTS
    sweeper = wanted or ("galleria" if from_config or cannot or many or not command.multirun else "basic")
    if sweeper == "galleria":
        arguments += [] if wanted else ["hydra/sweeper=galleria"]
        return HydraCall(command.source, tuple(arguments), multirun=True)
    if cannot is not None:
        raise UsageError(f"hydra/sweeper=basic cannot {cannot}; hydra/sweeper=galleria can")
    swept = [f"{key}={','.join(quoted(value) for value in plan.factors[key].listed(key))}" for key in from_config]
    return HydraCall(command.source, (*arguments, *(sweep.text for sweep in request.swept), *swept), multirun=True)


def _what_basic_cannot(request: Request, plan: Plan, composer: Composer) -> str | None:
    """Say what of a plan Hydra's own sweeper cannot do, if anything."""
    if plan.stopping is not None:
        return "do run.replications=auto"
    if plan.trees[0].get(NODE):
        return "draw parameters"
    if plan.design.kind != "factorial":
        return f"do design={plan.design.kind}"
    composed = composer.compose(request.choices)
    for key, factor in plan.factors.items():
        if any(isinstance(value, str) and "+" in value for value in factor.values or ()):
            return f"choose several of {key}"
        if not composer.is_group(key.partition("@")[0]) and not has_key(composed, key):
            return f"set {key} only where it is"
    absent = request.absent(composed)
    return f"set {absent[0]} only where it is" if absent else None


def _is_question(key: str) -> bool:
    return key.partition(".")[0] in {"design", "experiment", "uncertainty"}


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
