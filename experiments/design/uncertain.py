"""Planning with parameters that are not known: which of them are drawn, and that each draw is possible."""

from collections.abc import Collection, Mapping
from typing import Any

from galleria.experiments.design.designs import GROWING, Point
from galleria.experiments.design.draws import NODE, from_ranges, from_table, read_uncertainty, with_draw, without_draws
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.model import Model
from galleria.experiments.design.points import Frame, without_questions
from galleria.experiments.design.stated_ranges import StatedRange, stated_ranges
from galleria.experiments.design.trees import JsonTree, has_key, value_at
from galleria.models.errors import UsageError

_FEWEST = 2
"""Draws; with one nothing could be said of their spread, and the values that stand are the better one."""


def drawn(frame: Frame, base: JsonTree, kind: str, given: Collection[str]) -> list[Point]:
    """Return the draws that a configuration asks for; none where it asks for fewer than two.

    From ranges only values are drawn that stand at their defaults: what an experiment, a market or a calibration sets
    is meant as it is.

    Parameters
    ----------
    frame
        What is asked, and where the model is.
    base
        The configuration.
    kind
        Of the design.
    given
        Keys that the design varies or the command line sets: they are not drawn.
    """
    if base.get(NODE) is None:
        return []
    whole = resolved(base)
    settings = read_uncertainty(whole[NODE])
    if settings.draws < _FEWEST:
        return []
    if kind in GROWING:
        afterwards = f"ask the question at the draws afterwards, and for now with {NODE}=none"
        raise UsageError(f"{NODE}: design={kind} looks for one best point; {afterwards}")
    tree, _ = without_draws(without_questions(whole))
    source = frame.composer.source
    if settings.file is not None:
        draws = from_table(settings, [source.folder] if source.extra is None else [source.extra, source.folder])
    else:
        stated = {key: each for key, each in stated_ranges(source.folder).items() if not settings.holds(key)}
        draws = from_ranges(settings, _possible(stated, tree, frame.model, given))
    kept = [{key: value for key, value in draw.items() if key not in given} for draw in draws]
    _check(kept, tree, frame.model)
    return kept


def _possible(
    ranges: Mapping[str, StatedRange], tree: JsonTree, model: Model, given: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Return the ranges of keys that stand at their defaults, and of which either end is possible here.

    A share of several that add up to one is not.
    """
    there = {
        key: (each.low, each.high) for key, each in ranges.items() if key not in given and _stands(tree, key, each)
    }
    return {key: ends for key, ends in there.items() if not any(_problems({key: end}, tree, model) for end in ends)}


def _stands(tree: JsonTree, key: str, stated: StatedRange) -> bool:
    return has_key(tree, key) and value_at(tree, key) == stated.value


def _check(draws: list[Point], tree: JsonTree, model: Model) -> None:
    """Raise UsageError for draws that cannot be run."""
    keys = list(draws[0])
    absent = [f"{NODE}.file: there is no such key here: {key}" for key in keys if not has_key(tree, key)]
    moved = [
        f"{NODE}: {key} cannot be drawn, all replications share the city" for key in keys if key.startswith("city.")
    ]
    if problems := absent + moved:
        raise UsageError(problems)
    if problems := [problem for draw in draws for problem in _problems(draw, tree, model)]:
        raise UsageError(problems)


def _problems(draw: Mapping[str, Any], tree: JsonTree, model: Model) -> tuple[str, ...]:
    try:
        model.check(with_draw(tree, dict(draw)))
    except UsageError as error:
        return error.problems
    return ()
