"""From a command line to a plan, with every problem found on the way."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from experiments.design.compose import Composer, JsonTree, has_key, key_paths, resolved, value_at, with_value
from experiments.design.designs import DesignSettings, FactorSettings, Point, Value, enumerate_points
from experiments.design.keys import OUTPUT_KEYS, settings_digest
from experiments.design.measure_names import problems_of_measures
from experiments.design.model import Model
from experiments.design.plan import Plan
from experiments.design.questions import ExperimentSettings
from experiments.design.request import Request
from experiments.design.samples import samples
from experiments.errors import UsageError
from models.settings.errors import problems_of, unknown_key

NOT_SETTINGS = ("experiment", "design", "shard")
"""Nodes of the configuration that ask the question; the rest describes the model."""

REPLICATIONS = "run.replications"

_FEWEST_IN_A_SEARCH = 2


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
    base, problems = request.apply(composer.compose(request.choices))
    automatic = has_key(base, REPLICATIONS) and value_at(base, REPLICATIONS) == "auto"
    problems = [*request.problems, *problems]
    experiment, design, found = _questions(base)
    problems += found
    if experiment is None or design is None:
        raise UsageError([*problems, *_problems_of_settings(base, model)])
    stopping = experiment.stopping if automatic else None
    if design.kind == "optimise":
        problems += _problems_of_a_search(base)
    problems += problems_of_measures(experiment, design, model.measures())
    if stopping is not None:
        request = request.with_assignment(REPLICATIONS, stopping.fewest)
        base = with_value(base, REPLICATIONS, stopping.fewest)
        if not stopping.metrics:
            problems.append("run.replications = auto: experiment.stopping.metrics names no measure")
    design = _held(narrow(design), request.fixed())
    asked = {**design.factors, **request.sweeps, **design.crossed}
    factors = {key: factor for key, factor in asked.items() if _factor_problem(key, base, composer) is None}
    problems += [problem for key in asked if (problem := _factor_problem(key, base, composer)) is not None]

    config = resolved(base)
    factors = _with_types(factors, config, model)
    start = {key: base_value(config, key, composer) for key in factors}
    start |= {key: value for key, value in (design.baseline or {}).items() if key in factors}
    points = enumerate_points(design, factors, start)
    factors = _with_columns(factors, points)
    trees, found = _trees(points, request, composer, model)
    problems += found
    digests: list[str] = []
    rows: list[int] = []
    if not problems:
        points, trees, digests, rows = _distinct(points, trees)
    baseline, found = _baseline(design, factors, points, config, composer)
    problems += found
    if problems:
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


def _problems_of_a_search(base: JsonTree) -> list[str]:
    """Say why a search cannot work with the replications asked for."""
    asked = value_at(base, REPLICATIONS) if has_key(base, REPLICATIONS) else None
    if asked == "auto":
        return [f"{REPLICATIONS} = auto: a search needs to know how often each point is run; give a number"]
    if isinstance(asked, int) and asked < _FEWEST_IN_A_SEARCH:
        return [f"{REPLICATIONS} = {asked}: a search needs at least {_FEWEST_IN_A_SEARCH}, to know how sure it is"]
    return []


def with_more_points(
    plan: Plan, points: Sequence[Point], request: Request, composer: Composer, model: Model
) -> tuple[Plan, list[str]]:
    """Give a plan with those of some points that are possible and new, and say what was wrong with others."""
    seen = set(plan.digests)
    problems: list[str] = []
    kept: list[Point] = []
    trees: list[JsonTree] = []
    for point in points:
        found, wrong = _trees([point], request, composer, model)
        problems += wrong
        if not wrong and (digest := settings_digest(found[0])) not in seen:
            seen.add(digest)
            kept.append(point)
            trees += found
    return plan.with_points(kept, trees), problems


def base_value(base: JsonTree, key: str, composer: Composer) -> Value:
    """Give the value of a factor in the base configuration; a config group's is not known and never equal."""
    if composer.is_group(_group(key)):
        return None
    value: Value = value_at(base, key) if has_key(base, key) else None
    return value


def _trees(
    points: Sequence[Point], request: Request, composer: Composer, model: Model
) -> tuple[list[JsonTree], list[str]]:
    """Resolve and check the settings of each point; give them and all problems."""
    trees: list[JsonTree] = []
    problems: list[str] = []
    for point in points:
        choices = tuple(chosen(key, value) for key, value in point.items() if composer.is_group(_group(key)))
        try:
            tree, found = request.apply(composer.compose((*request.choices, *choices)))
            for key, value in point.items():
                if not composer.is_group(_group(key)):
                    tree = with_value(tree, key, value)
            problems += found
            trees.append(model.check(without_questions(resolved(tree))))
        except UsageError as error:
            problems += error.problems
    return trees, problems


def chosen(key: str, value: Value) -> str:
    """Write the choice of a config group as Hydra takes it; "a+b" are several at once."""
    several = isinstance(value, str) and "+" in value
    return f"{key}=[{str(value).replace('+', ',')}]" if several else f"{key}={value}"


def _distinct(
    points: Sequence[Point], trees: Sequence[JsonTree]
) -> tuple[list[Point], list[JsonTree], list[str], list[int]]:
    """Keep the first of points that are the same (rounded numbers of a spread design, a value listed twice).

    Returns
    -------
    Points, their trees and digests, and for each point given the number of the one kept.
    """
    kept: dict[str, int] = {}
    found = [settings_digest(tree) for tree in trees]
    for i, digest in enumerate(found):
        kept.setdefault(digest, i)
    number = {digest: n for n, digest in enumerate(kept)}
    first = kept.values()
    return [points[i] for i in first], [trees[i] for i in first], list(kept), [number[digest] for digest in found]


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


def _factor_problem(key: str, base: JsonTree, composer: Composer) -> str | None:
    """Say why a factor is no setting that can be varied, if so."""
    if key in {f"run.{name}" for name in OUTPUT_KEYS}:
        return f"{key} cannot be varied: it does not change what a run gives"
    if composer.is_group(_group(key)) or has_key(base, key):
        return None
    return unknown_key(key, list(key_paths(base)))


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


def _baseline(
    design: DesignSettings,
    factors: Mapping[str, FactorSettings],
    points: Sequence[Point],
    config: JsonTree,
    composer: Composer,
) -> tuple[int | None, list[str]]:
    """Find the point that the others are compared with: the named one, else the base configuration's."""
    if not factors:
        return None, []
    wanted = {key: base_value(config, key, composer) for key in factors}
    if design.baseline is not None:
        unknown = [key for key in design.baseline if key not in factors]
        if unknown:
            return None, [f"design.baseline: {unknown_key(key, list(factors))}" for key in unknown]
        # A factor of the command line that does not take its usual level: the first it takes.
        met = {key for key, value in wanted.items() if any(_same(point[key], value) for point in points)}
        wanted = {key: value if key in met else points[0][key] for key, value in wanted.items()} | design.baseline
    for number, point in enumerate(points):
        if all(_same(point[key], value) for key, value in wanted.items()):
            return number, []
    if design.baseline is None:
        return (None if design.kind in samples() else 0), []
    told = ", ".join(f"{key}={value}" for key, value in wanted.items())
    return None, [f"design.baseline: no point of the design has {told}"]


def _same(a: Value, b: Value) -> bool:
    return a == b or str(a) == str(b)


def without_questions(tree: JsonTree) -> JsonTree:
    """Give the part of a configuration that describes the model."""
    return {key: node for key, node in tree.items() if key not in NOT_SETTINGS}


def _group(key: str) -> str:
    return key.partition("@")[0]
