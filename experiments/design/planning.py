"""From a command line to a plan, with every problem found on the way."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from galleria.experiments.design.baseline import baseline_of
from galleria.experiments.design.compose import Composer
from galleria.experiments.design.designs import GROWING, DesignSettings, enumerate_points
from galleria.experiments.design.draws import NODE
from galleria.experiments.design.factors import FactorSettings, Point
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.keys import settings_digest
from galleria.experiments.design.measure_names import problems_of_measures
from galleria.experiments.design.model import Model
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.points import Frame, distinct, without_questions
from galleria.experiments.design.questions import ExperimentSettings, StoppingSettings
from galleria.experiments.design.request import Request
from galleria.experiments.design.trees import JsonTree, has_key, value_at, with_value
from galleria.experiments.design.uncertain import drawn
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of

REPLICATIONS = "run.replications"

AUTOMATIC = "auto"
"""Value of `run.replications` by which replications are added until enough is known."""

_FEWEST_IN_A_SEARCH = 2

_MOST_RUNS = 2_000_000
"""Runs of a plan at most; a million runs of the default town are weeks on a large machine."""


def plan_design(request: Request, composer: Composer, model: Model) -> Plan:
    """Plan the design that a command line asks for: the experiment's factors and those it sweeps itself.

    Raises
    ------
    UsageError
        With every problem found in the command line, the files and each value of a sweep.
    """
    return _plan(request, composer, model, lambda design: design)


def plan_point(request: Request, composer: Composer, model: Model) -> Plan:
    """Plan the single point of the base configuration, whatever the experiment's design."""
    several = [f"{key} has several values: galleria sweep (or -m) varies it" for key in request.sweeps]
    if several:
        raise UsageError([*request.problems, *several])
    plain: dict[str, Any] = {"kind": "factorial", "factors": {}, "baseline": None}
    return _plan(request, composer, model, lambda design: design.model_copy(update=plain))


def _plan(
    request: Request, composer: Composer, model: Model, narrow: Callable[[DesignSettings], DesignSettings]
) -> Plan:
    frame = Frame(request, composer, model)
    base = frame.base()
    experiment, design, problems = _questions(base)
    problems = [*request.problems, *problems]
    if experiment is None or design is None:
        unknown = map(frame.unknown, request.absent(composer.compose(request.choices)))
        raise UsageError([*problems, *unknown, *_problems_of_settings(base, model)])
    problems += problems_of_measures(experiment, design, model.measures())
    problems += _problems_of_replications(base, experiment, design)
    automatic = has_key(base, REPLICATIONS) and value_at(base, REPLICATIONS) == AUTOMATIC
    stopping = experiment.stopping if automatic else None
    if stopping is not None:
        frame = replace(frame, request=request.with_assignment(REPLICATIONS, stopping.fewest))
        base = frame.base()
    design = _held(narrow(design), request.fixed())
    asked = {**design.factors, **request.sweeps, **design.crossed}
    switches = {key: factor.switches for key, factor in asked.items() if factor.switches}
    frame = replace(frame, switches=switches)
    switched = {key for switch in switches.values() for key in switch}
    frame = _with_draws(frame, design.kind, {*asked, *switched, *request.fixed()}, stopping)
    base = frame.base()
    wrong = {key: problem for key in asked if (problem := frame.problem(key, base, asked)) is not None}
    problems += wrong.values()

    config = resolved(base)
    factors = _with_types({key: factor for key, factor in asked.items() if key not in wrong}, config, model)
    usual = {key: frame.value(key, config, factors) for key in factors}
    named = {key: value for key, value in (design.baseline or {}).items() if key in factors}
    try:
        points = enumerate_points(design, factors, usual | named)
    except UsageError as error:
        raise UsageError([*problems, *error.problems]) from error
    factors = _with_columns(factors, points)
    trees, found = frame.trees(points)
    problems += found
    digests: list[str] = []
    rows: list[int] = []
    if not problems:
        points, trees, digests, rows = distinct(points, trees)
    problems += _too_many_runs(trees)
    baseline, found = baseline_of(design, points, {key: frame.value(key, config, factors) for key in factors})
    if problems := [*problems, *found]:
        raise UsageError(problems)
    return Plan(
        experiment=experiment,
        design=design,
        factors=factors,
        points=tuple(points),
        trees=tuple(trees),
        replications=int(value_at(trees[0], REPLICATIONS)),
        baseline=baseline,
        config=config,
        model_version=model.version(),
        digests=tuple(digests),
        rows=tuple(rows),
        stopping=stopping,
    )


def _with_draws(frame: Frame, kind: str, given: Collection[str], stopping: StoppingSettings | None) -> Frame:
    """Add the draws of parameters that replications follow, if any are asked for."""
    base = frame.base()
    if stopping is not None:  # of the draws for all replications that may be added, as many as there are replications
        base = with_value(base, REPLICATIONS, stopping.most)
    if not (draws := drawn(frame, base, kind, given)):
        return frame
    request = frame.request.with_assignment(f"{NODE}.draws", draws)
    return replace(frame, request=request if stopping else request.with_assignment(REPLICATIONS, len(draws)))


def _held(design: DesignSettings, fixed: Mapping[str, Any]) -> DesignSettings:
    """Hold factors of the experiment that the command line gives one value."""
    held = {key: value for key, value in fixed.items() if key in design.factors and not isinstance(value, dict)}
    if not held:
        return design
    factors = {
        key: factor.model_copy(update={"values": (held[key],), "low": None, "high": None}) if key in held else factor
        for key, factor in design.factors.items()
    }
    baseline = {key: value for key, value in (design.baseline or {}).items() if key not in held}
    return design.model_copy(update={"factors": factors, "baseline": baseline or None})


def _problems_of_replications(base: JsonTree, experiment: ExperimentSettings, design: DesignSettings) -> list[str]:
    """Say why the replications asked for cannot answer the question."""
    asked = value_at(base, REPLICATIONS) if has_key(base, REPLICATIONS) else None
    automatic, searched = asked == AUTOMATIC, design.kind in GROWING
    problems = []
    if searched and automatic:
        problems.append(f"{REPLICATIONS} = auto: a search needs to know how often each point is run; give a number")
    if searched and isinstance(asked, int) and asked < _FEWEST_IN_A_SEARCH:
        least = f"a search needs at least {_FEWEST_IN_A_SEARCH}, to know how sure it is"
        problems.append(f"{REPLICATIONS} = {asked}: {least}")
    if automatic and not experiment.stopping.metrics:
        problems.append(f"{REPLICATIONS} = auto: experiment.stopping.metrics names no measure")
    return problems


def _too_many_runs(trees: Sequence[JsonTree]) -> list[str]:
    """Refuse a plan that nobody could work through."""
    runs = sum(int(value_at(tree, REPLICATIONS)) for tree in trees if has_key(tree, REPLICATIONS))
    most = f"at most {_MOST_RUNS:,} runs can be planned"
    return [f"{REPLICATIONS}: {len(trees):,} points make {runs:,} runs; {most}"] if runs > _MOST_RUNS else []


def with_more_points(
    plan: Plan, points: Sequence[Point], request: Request, composer: Composer, model: Model
) -> tuple[Plan, list[str]]:
    """Return a plan with those of some points that are possible and new, and say what was wrong with others."""
    switches = {key: factor.switches for key, factor in plan.factors.items() if factor.switches}
    frame = Frame(request, composer, model, switches)
    seen = set(plan.digests)
    problems: list[str] = []
    kept: list[Point] = []
    trees: list[JsonTree] = []
    for point in points:
        found, wrong = frame.trees([point])
        problems += wrong
        if not wrong and (digest := settings_digest(found[0])) not in seen:
            seen.add(digest)
            kept.append(point)
            trees += found
    return plan.with_points(kept, trees), problems


def _questions(base: JsonTree) -> tuple[ExperimentSettings | None, DesignSettings | None, list[str]]:
    """Read the nodes `experiment` and `design`."""
    problems: list[str] = []
    nodes = resolved({key: base[key] for key in ("experiment", "design") if key in base})
    experiment = design = None
    try:
        experiment = ExperimentSettings.model_validate(nodes.get("experiment"))
    except ValidationError as error:
        problems += problems_of(error, ExperimentSettings, "experiment")
    try:
        design = DesignSettings.model_validate(nodes.get("design"))
    except ValidationError as error:
        problems += problems_of(error, DesignSettings, "design")
    return experiment, design, problems


def _problems_of_settings(base: JsonTree, model: Model) -> tuple[str, ...]:
    try:
        model.check(without_questions(resolved(base)))
    except UsageError as error:
        return error.problems
    return ()


def _with_types(factors: Mapping[str, FactorSettings], config: JsonTree, model: Model) -> dict[str, FactorSettings]:
    """Let ranges of whole-number settings be ranges of whole numbers."""
    if all(factor.low is None for factor in factors.values()):
        return dict(factors)
    try:
        tree: JsonTree = model.check(without_questions(config))
    except UsageError:  # told with all other problems
        tree = config
    return {
        key: factor.model_copy(update={"integer": type(value_at(tree, key)) is int})
        if factor.low is not None and factor.integer is None and has_key(tree, key)
        else factor
        for key, factor in factors.items()
    }


def _with_columns(factors: Mapping[str, FactorSettings], points: Sequence[Point]) -> dict[str, FactorSettings]:
    """Add the factors that only the points name (a researcher's table)."""
    named = {key: None for point in points for key in point}
    return {
        key: factors[key]
        if key in factors
        else FactorSettings(values=tuple(dict.fromkeys(point[key] for point in points if key in point)))
        for key in (*factors, *(key for key in named if key not in factors))
    }
