"""Designs: from factors to the points of an experiment.

Each design is a function from factors and settings to points; a point is a mapping from config key to value.
A new one is a function with `@design("name")` above it, here or in a plugin, and a file design/name.yaml.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import Field

from galleria.agents.kernel.parameters import Parameters
from galleria.agents.kernel.registry import Registry
from galleria.experiments.design.factors import Factor, FactorSettings, Point, Value
from galleria.experiments.design.limits import LimitSettings
from galleria.experiments.design.moments import Moment, problems_of_moments
from galleria.experiments.design.samples import samples
from galleria.experiments.design.tables import read_table
from galleria.models.errors import UsageError

MOST_POINTS = 2**16
"""Points of a design at most: checking so many takes minutes, and their settings some GB of memory."""

MOST_CAUSES = 6
"""Factors of a decomposition at most: 64 points."""

GROWING = ("optimise", "calibrate")
"""Kinds of design whose later points hang on what the earlier ones gave."""


class DesignSettings(Parameters):
    """The node `design` of the configuration; which further keys are read depends on `kind`.

    Attributes
    ----------
    kind
        Name of the design.
    factors
        What it varies, by config key.
    baseline
        The point all others are compared with.
    crossed
        Factors outside the design: each of its points is met with each of their combinations.
    objective
        Measure -> weight in the sum that a search makes large or small.
    limits
        Measure -> what a search has to keep it between.
    moments
        Measure -> value to be met by a calibration.
    relative_se
        Standard error, as a share of its value, of a moment that names none.
    starts, steps, step
        Of a calibration: descents, steps of each at most, and the share of a range over which slopes are taken.
    draws
        Of a calibration's posterior, written as a table.

    Notes
    -----
    So many attributes, because a YAML node has one key for whatever any of the designs reads.
    """

    kind: str
    factors: dict[str, Factor]
    baseline: dict[str, Value] | None
    crossed: dict[str, Factor] = Field(default_factory=dict)
    points: int | None = Field(default=None, ge=2, le=MOST_POINTS)
    trajectories: int | None = Field(default=None, ge=2, le=1000)
    levels: int | None = Field(default=None, ge=4, le=20, multiple_of=2)
    second_order: bool = False
    seed: int | None = Field(default=None, ge=0)
    file: str | None = None
    objective: dict[str, float] = Field(default_factory=dict)
    sense: Literal["maximise", "minimise"] | None = None
    limits: dict[str, LimitSettings] = Field(default_factory=dict)
    rounds: int | None = Field(default=None, ge=0, le=1000)
    batch: int | None = Field(default=None, ge=1, le=1000)
    check: int | None = Field(default=None, ge=2, le=10000)
    moments: dict[str, Moment] = Field(default_factory=dict)
    relative_se: float | None = Field(default=None, gt=0, le=1)
    starts: int | None = Field(default=None, ge=1, le=100)
    steps: int | None = Field(default=None, ge=1, le=1000)
    step: float | None = Field(default=None, gt=0, le=0.5)
    draws: int | None = Field(default=None, ge=2, le=10000)


Design = Callable[[DesignSettings, Mapping[str, FactorSettings], Mapping[str, Value]], list[Point]]

DESIGNS = Registry[Design]("design")


def design(*names: str) -> Callable[[Design], Design]:
    """Register `points(settings, factors, base)` as the design of that `design.kind`.

    `factors` are those that the design varies, by config key; `base` is each one's value in the base configuration.
    """

    def register(points: Design) -> Design:
        for name in names:
            DESIGNS.add(name, points)
        return points

    return register


@design("factorial")
def factorial(_: DesignSettings, factors: Mapping[str, FactorSettings], __: Mapping[str, Value]) -> list[Point]:
    """Combine every value with every other; the last factor varies fastest."""
    lists = [factor.listed(key) for key, factor in factors.items()]
    return [dict(zip(factors, combination, strict=True)) for combination in itertools.product(*lists)]


@design("zip")
def zipped(_: DesignSettings, factors: Mapping[str, FactorSettings], __: Mapping[str, Value]) -> list[Point]:
    """Take the first value of each factor, then the second of each, and so on."""
    lists = [factor.listed(key) for key, factor in factors.items()]
    lengths = {key: len(values) for key, values in zip(factors, lists, strict=True)}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{key} has {n}" for key, n in lengths.items())
        raise UsageError(f"design zip: the factors must have equally many values; {counts}")
    return [dict(zip(factors, row, strict=True)) for row in zip(*lists, strict=True)]


@design("one_at_a_time")
def one_at_a_time(_: DesignSettings, factors: Mapping[str, FactorSettings], base: Mapping[str, Value]) -> list[Point]:
    """Start from the base point and change one factor at a time."""
    points = [dict(base)]
    for key, factor in factors.items():
        points += [{**base, key: value} for value in factor.listed(key) if value != base[key]]
    return points


@design("decompose")
def decompose(
    settings: DesignSettings, factors: Mapping[str, FactorSettings], base: Mapping[str, Value]
) -> list[Point]:
    """Combine both values of every factor with each other; the change is from the first point to the last."""
    problems = [
        f"design.factors.{key}: design decompose needs two values, before and after the change"
        for key, factor in factors.items()
        if factor.values is None or len(factor.values) != 2
    ]
    if not 2 <= len(factors) <= MOST_CAUSES:
        problems.append(f"design decompose: name 2 to {MOST_CAUSES} factors; every combination of them is run")
    if settings.crossed or settings.baseline is not None:
        problems.append(
            "design decompose: it begins at the first value of each factor, without design.baseline or crossed"
        )
    if problems:
        raise UsageError(problems)
    return factorial(settings, factors, base)


@design("table")
def table(settings: DesignSettings, factors: Mapping[str, FactorSettings], base: Mapping[str, Value]) -> list[Point]:
    """Read the points from a CSV file: a column a config key, a row a point."""
    if settings.file is None:
        raise UsageError("design table: name the file by design.file=points.csv")
    fixed = {key: value for key, value in base.items() if key in factors}
    return [{**fixed, **row} for row in read_table("design.file", settings.file)]


@design(*(name for name in samples() if name not in GROWING))
def spread(settings: DesignSettings, factors: Mapping[str, FactorSettings], _: Mapping[str, Value]) -> list[Point]:
    """Place points in the unit cube by the design's sample, and each factor's range along its side."""
    return [
        {key: factor.at(float(share)) for (key, factor), share in zip(factors.items(), row, strict=True)}
        for row in samples()[settings.kind](settings, len(factors))
    ]


@design("optimise")
def optimise(settings: DesignSettings, factors: Mapping[str, FactorSettings], base: Mapping[str, Value]) -> list[Point]:
    """Start a search: the base point, and points spread over the factors; what follows hangs on what they give."""
    missing = _not_given(settings, "objective", "sense", "rounds", "batch", "check")
    if settings.objective and not any(settings.objective.values()):
        missing.append("design.objective: every weight is 0")
    if not factors:
        missing.append("design optimise: design.factors is empty: name what is searched")
    if settings.crossed:
        missing.append("design optimise: design.crossed has no meaning here; search each case in a sweep of its own")
    missing += [
        f"design.baseline.{key}: a search starts at the level to be compared with; name it"
        for key, factor in factors.items()
        if base[key] is None and factor.values is not None and None not in factor.values
    ]
    if missing:
        raise UsageError(missing)
    return [dict(base), *spread(settings, factors, base)]


@design("calibrate")
def calibrate(
    settings: DesignSettings, factors: Mapping[str, FactorSettings], base: Mapping[str, Value]
) -> list[Point]:
    """Start a calibration: the base point, brought into the ranges, and points spread over them."""
    problems = _not_given(settings, "relative_se", "rounds", "batch", "starts", "steps", "step", "draws")
    if not factors:
        problems.append("design calibrate: design.factors is empty: name the parameters and their ranges")
    if settings.crossed:
        problems.append("design calibrate: design.crossed has no meaning here; calibrate each case by itself")
    problems += [
        f"design.factors.{key}: a parameter needs a range with low and high, and no list of values"
        for key, factor in factors.items()
        if factor.values is not None
    ]
    if problems := [*problems, *problems_of_moments(settings.moments, len(factors))]:
        raise UsageError(problems)
    start = {key: factor.nearest(base[key]) for key, factor in factors.items()}
    return [start, *spread(settings, factors, base)]


def _not_given(settings: DesignSettings, *names: str) -> list[str]:
    absent = [name for name in names if getattr(settings, name) in (None, {})]
    return [f"design {settings.kind}: design.{name} must be given" for name in absent]


def _count(settings: DesignSettings, varied: Mapping[str, FactorSettings]) -> int:
    """Return how many points a design has before it is crossed, of a kind that multiplies; 1 for others."""
    if settings.kind in {"factorial", "decompose"}:
        return math.prod(len(factor.values or ()) for factor in varied.values())
    if settings.kind == "sobol_indices":
        return (settings.points or 0) * ((2 if settings.second_order else 1) * len(varied) + 2)
    return (settings.points or 1) if settings.kind in samples() else 1


def enumerate_points(
    settings: DesignSettings, factors: Mapping[str, FactorSettings], base: Mapping[str, Value]
) -> list[Point]:
    """Return the points of a design.

    Parameters
    ----------
    settings
        The node `design`.
    factors
        By config key, those of the command line and the crossed ones included.
    base
        Value of each factor in the base configuration.
    """
    if settings.kind not in DESIGNS:
        raise UsageError(f"design.kind = {settings.kind}: must be one of {', '.join(sorted(DESIGNS))}")
    crossed = [factor.listed(key) for key, factor in settings.crossed.items()]
    varied = {key: factor for key, factor in factors.items() if key not in settings.crossed}
    if (count := _count(settings, varied) * math.prod(map(len, crossed))) > MOST_POINTS:
        raise UsageError(f"design {settings.kind}: it has {count:,} points, and at most {MOST_POINTS:,} can be planned")
    plain = not varied and settings.kind not in {"table", *GROWING}
    points: list[Point] = [{}] if plain else DESIGNS[settings.kind](settings, varied, base)
    return [
        {**point, **dict(zip(settings.crossed, combination, strict=True))}
        for point in points
        for combination in itertools.product(*crossed)
    ]
