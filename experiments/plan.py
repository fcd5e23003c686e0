"""The plan of an experiment: its points, its runs, and the key of each run.

A run key is a hash of everything that decides the run's result (resolved settings, contents of the files they
name, replication, version of the model) and of nothing else, so a result can be found again, reused, and never
confused with another.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from experiments.compose import JsonTree
from experiments.designs import DesignSettings, FactorSettings, Point
from experiments.keys import hash_of, run_key
from experiments.questions import ExperimentSettings, StoppingSettings


@dataclass(frozen=True)
class Run:
    """One replication of one point."""

    key: str
    point: int
    replication: int


@dataclass(frozen=True)
class Plan:
    """All runs of an experiment, in the order of the results tables.

    Attributes
    ----------
    experiment, design
        The question and the design it is asked by.
    factors
        By config key.
    points
        Values of the factors at each point.
    trees
        Resolved settings of each point, in the model's normal form.
    replications
        Runs a point.
    baseline
        The point the others are compared with, or None.
    config
        The resolved base configuration.
    model_version
        State of the model's code.
    digests
        Hash of each point's settings.
    rows
        The point of each row of the design; equal rows share a point.
    stopping
        When to stop adding replications; None when their number is given.
    """

    experiment: ExperimentSettings
    design: DesignSettings
    factors: dict[str, FactorSettings]
    points: tuple[Point, ...]
    trees: tuple[JsonTree, ...]
    replications: int
    baseline: int | None
    config: JsonTree
    model_version: str
    digests: tuple[str, ...]
    rows: tuple[int, ...]
    stopping: StoppingSettings | None

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """List the runs: by point, then by replication."""
        return tuple(
            Run(run_key(digest, replication, self.model_version), point, replication)
            for point, digest in enumerate(self.digests)
            for replication in range(self.replications)
        )

    @cached_property
    def key(self) -> str:
        """Identify the plan by its runs; with a stopping rule their number is not known, so by the rule."""
        size = self.replications if self.stopping is None else self.stopping.model_dump(mode="json")
        return hash_of([self.digests, self.model_version, size])

    def extended(self, replications: int) -> "Plan":
        """Give the plan with more replications; those it has keep their keys."""
        return replace(self, replications=replications)

    def frame(self) -> pd.DataFrame:
        """Give plan.parquet: run_key, point, replication, one column a factor."""
        frame = pd.DataFrame(
            {
                "run_key": [run.key for run in self.runs],
                "point": [run.point for run in self.runs],
                "replication": [run.replication for run in self.runs],
            }
        )
        for key in self.factors:
            frame[key] = [self.points[run.point][key] for run in self.runs]
        return frame


def told(plan: Plan) -> str:
    """Describe a plan in some lines."""
    size = f"{len(plan.points)} points x {plan.replications} replications = {len(plan.runs)} runs"
    if plan.stopping is not None:
        size += f", then more up to {plan.stopping.most} replications"
    lines = [f"{plan.experiment.name}: {size} (design {plan.design.kind})"]
    for key in plan.factors:
        values = list(dict.fromkeys(point[key] for point in plan.points))
        shown = ", ".join(str(value) for value in values[:_VALUES_SHOWN])
        lines.append(f"  {key}: {shown}{f', ... ({len(values)} values)' if len(values) > _VALUES_SHOWN else ''}")
    if plan.baseline is not None:
        point = ", ".join(f"{key}={value}" for key, value in plan.points[plan.baseline].items())
        lines.append(f"  compared with point {plan.baseline}: {point}")
    return "\n".join(lines)


_VALUES_SHOWN = 12
