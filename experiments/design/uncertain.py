"""Planning with parameters that are not known: which of them are drawn, and that each draw is possible."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from galleria.experiments.design.designs import GROWING
from galleria.experiments.design.draws import (
    NODE,
    UncertaintySettings,
    from_ranges,
    from_table,
    read_uncertainty,
    with_draw,
    without_draws,
)
from galleria.experiments.design.factors import Point, Value
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.model import Model
from galleria.experiments.design.points import Frame, without_questions
from galleria.experiments.design.stated_ranges import stated_ranges
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
    draws = _Asked(frame, tree, settings, given).draws()
    kept = [{key: value for key, value in draw.items() if key not in given} for draw in draws]
    _check(kept, tree, frame.model)
    return kept


@dataclass(frozen=True)
class _Asked:
    """What draws are for.

    Attributes
    ----------
    frame
        What is asked, and where the model is.
    tree
        The settings that are drawn, resolved.
    settings
        How they are drawn.
    given
        Keys that are not drawn.
    """

    frame: Frame
    tree: JsonTree
    settings: UncertaintySettings
    given: Collection[str]

    def draws(self) -> Sequence[Point]:
        """Return the draws of a calibration's table, of a screened one, or from ranges."""
        source = self.frame.composer.source
        folders = [source.folder] if source.extra is None else [source.extra, source.folder]
        if self.settings.file is not None:
            return from_table(self.settings, "file", folders)
        if self.settings.screened is not None and not self.settings.ranges:
            return self._of_the_question(from_table(self.settings, "screened", folders))
        stated = stated_ranges(source.folder)
        ends = {key: (each.low, each.high) for key, each in stated.items() if self._stands(key, each.value)}
        return from_ranges(self.settings, self._possible(ends) | self.settings.ranges)

    def _of_the_question(self, rows: Sequence[Point]) -> list[Point]:
        """Return screened draws without what the question sets or holds."""
        usual = resolved(self.frame.composer.compose(()))
        columns = {
            key: [float(row[key] or 0) for row in rows]
            for key in rows[0]
            if has_key(usual, key) and self._stands(key, value_at(usual, key))
        }
        kept = self._possible({key: (min(column), max(column)) for key, column in columns.items()})
        return [{key: columns[key][i] for key in kept} for i in range(len(rows))]

    def _stands(self, key: str, default: Value) -> bool:
        """Say whether a key may be drawn: it stands at its default, and nobody gave or holds it."""
        if key in self.given or self.settings.holds(key) or not has_key(self.tree, key):
            return False
        return bool(value_at(self.tree, key) == default)

    def _possible(self, ends: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """Return the ranges of which either end is possible here; a share of several that add up to one is not."""
        model = self.frame.model
        return {
            key: both for key, both in ends.items() if not any(_problems({key: end}, self.tree, model) for end in both)
        }


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
