"""The plan of an experiment: its points, its runs, and the key of each run.

A run key is a hash of everything that decides the run's result (resolved settings, contents of the files they
name, replication, version of the model) and of nothing else, so a result can be found again, reused, and never
confused with another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from galleria.experiments.design.designs import GROWING, DesignSettings
from galleria.experiments.design.factors import FactorSettings, Point
from galleria.experiments.design.keys import hash_of, run_key, settings_digest
from galleria.experiments.design.questions import ExperimentSettings, StoppingSettings
from galleria.experiments.design.trees import JsonTree


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
    own_replications
        Point -> its first replication and the one after its last, where they are not those of all points: what a
        search checks its winner on.
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
    own_replications: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """List the runs: by point, then by replication."""
        return tuple(
            Run(run_key(digest, replication, self.model_version), point, replication)
            for point, digest in enumerate(self.digests)
            for replication in range(*self.own_replications.get(point, (0, self.replications)))
        )

    @cached_property
    def key(self) -> str:
        """Identify the plan by its runs; where these hang on what is found, by the rule that adds them."""
        size = self.replications if self.stopping is None else self.stopping.model_dump(mode="json")
        if self.design.kind not in GROWING:
            return hash_of([self.digests, self.model_version, size])
        asked = self.design.model_copy(update={"factors": self.factors}).model_dump(mode="json")
        return hash_of([self.digests[0], self.model_version, size, asked])

    def extended(self, replications: int) -> "Plan":
        """Return the plan with more replications; those it has keep their keys."""
        return replace(self, replications=replications)

    def with_points(self, points: Sequence[Point], trees: Sequence[JsonTree]) -> "Plan":
        """Return the plan with more points; those it has keep their numbers."""
        digests = tuple(settings_digest(tree) for tree in trees)
        return replace(
            self,
            points=(*self.points, *points),
            trees=(*self.trees, *trees),
            digests=self.digests + digests,
            rows=(*self.rows, *range(len(self.points), len(self.points) + len(points))),
        )

    def frame(self) -> pd.DataFrame:
        """Return plan.parquet: run_key, point, replication, one column a factor."""
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


def describe(plan: Plan) -> str:
    """Describe a plan in some lines."""
    size = f"{len(plan.points)} points x {plan.replications} replications = {len(plan.runs)} runs"
    if plan.stopping is not None:
        size += f", then more up to {plan.stopping.most} replications"
    lines = [f"{plan.experiment.name}: {size} (design {plan.design.kind})"]
    if plan.design.kind == "optimise":
        lines += _describe_search(plan)
    if plan.design.kind == "calibrate":
        lines += _describe_calibration(plan)
    for key in plan.factors:
        values = list(dict.fromkeys(point[key] for point in plan.points))
        shown = ", ".join(str(value) for value in values[:_VALUES_SHOWN])
        lines.append(f"  {key}: {shown}{f', ... ({len(values)} values)' if len(values) > _VALUES_SHOWN else ''}")
    if plan.baseline is not None:
        point = ", ".join(f"{key}={value}" for key, value in plan.points[plan.baseline].items())
        lines.append(f"  compared with point {plan.baseline}: {point}")
    return "\n".join(lines)


def _describe_search(plan: Plan) -> list[str]:
    design = plan.design
    rounds, batch, check = (int(getattr(design, name) or 0) for name in ("rounds", "batch", "check"))
    later = rounds * batch * plan.replications
    most = len(plan.runs) + later + 2 * check
    lines = [
        f"  then at most {rounds} rounds of {batch} points ({later} runs), chosen by what is found",
        f"  then winner and baseline on {check} fresh replications ({2 * check} runs): {most} runs at most",
        f"  {design.sense} {' + '.join(f'{weight:g} {metric}' for metric, weight in design.objective.items())}",
    ]
    for metric, limit in design.limits.items():
        ends = [f"at least {limit.least:g}"] if limit.least is not None else []
        ends += [f"at most {limit.most:g}"] if limit.most is not None else []
        lines.append(f"  {metric} has to be {' and '.join(ends)}")
    return lines


def _describe_calibration(plan: Plan) -> list[str]:
    design, n = plan.design, len(plan.factors)
    spread, descents = int(design.rounds or 0) * int(design.batch or 0), int(design.starts or 0)
    most = spread + descents * int(design.steps or 0) * (1 + n) + 2 * n
    return [
        f"  then at most {most} points ({most * plan.replications} runs):",
        f"  {spread} where an emulator expects the moments met, {descents} descents by Gauss-Newton steps, last slopes",
        *(f"  {name}: to be {moment.value:g}" for name, moment in design.moments.items()),
    ]


_VALUES_SHOWN = 12
