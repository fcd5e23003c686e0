"""Where in parameter space an effect turns its sign: a sentence, a picture and a tree for each measure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures.box import SignBox, plot_sign_box
from galleria.experiments.report.charts import Chart, Section, slug
from galleria.experiments.report.comparing import HEADLINE_METRICS, Claim, Comparison
from galleria.experiments.report.draws import drawn_parameters
from galleria.experiments.report.sensitivity import crossed_pairs
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import NARROW, lower_first, metric_phrase, upper_first
from galleria.experiments.statistics.discovery import (
    LEAST_DRAWS,
    LEAST_OF_A_SIGN,
    Box,
    Flags,
    Limit,
    differences,
    discover,
    enough_draws,
    inside,
)
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.tree import Tree, grow

_MOST_CHARTS = 6
_SEED = 1
_READING = (
    "Some draws of the parameters give an effect the other sign. PRIM peels parameter space down to a box in which the "
    "rarer sign is dense; a box is told only where the same search on shuffled signs does as well at most once in a "
    "hundred times."
)


@dataclass(frozen=True)
class Effect:
    """The sign of an effect on a measure in each draw of the parameters.

    Attributes
    ----------
    lead
        What was done.
    metric
        The measure.
    keys
        Of the parameters.
    parameters
        float64[draws, parameters].
    rises
        bool[draws].
    """

    lead: str
    metric: str
    keys: tuple[str, ...]
    parameters: Floats
    rises: Flags

    @property
    def turned(self) -> Flags:
        """Which draws have the rarer sign."""
        return self.rises if 2 * int(self.rises.sum()) <= self.rises.size else ~self.rises

    @property
    def words(self) -> tuple[str, str]:
        """Return verbs of the rarer sign and of the other."""
        ending = "" if metric_phrase(self.metric)[1] else "s"
        rarer_rises = self.turned is self.rises or bool((self.turned == self.rises).all())
        verbs = (f"rise{ending}", f"fall{ending}")
        return verbs if rarer_rises else (verbs[1], verbs[0])

    @property
    def name(self) -> str:
        """Return the measure in words."""
        return metric_phrase(self.metric)[0]


@dataclass(frozen=True)
class Turn:
    """An effect, and where its sign turns: no box where none can be told."""

    effect: Effect
    box: Box | None
    tree: Tree | None


def turns(study: Study, compared: Sequence[Comparison]) -> list[Turn]:
    """Look at each measure of each comparison whose sign is not the same in all draws."""
    found = []
    for effect in _effects(study, compared):
        if not effect.turned.any():
            continue
        if enough_draws(effect.turned):
            box = discover(effect.parameters, effect.turned, _SEED)
            found.append(Turn(effect, box, grow(effect.parameters, effect.turned, _SEED)))
        else:
            found.append(Turn(effect, None, None))
    return found


def _effects(study: Study, compared: Sequence[Comparison]) -> Iterator[Effect]:
    drawn = drawn_parameters(study)
    if drawn is not None:
        for c in compared:
            for metric in (metric for metric in c.metrics or HEADLINE_METRICS if metric in study.cube):
                difference = study.cube.at(c.after, metric) - study.cube.at(c.before, metric)
                yield _effect(c.lead(study), metric, tuple(map(str, drawn.columns)), drawn.to_numpy(float), difference)
        return
    for factor, other, pairs in crossed_pairs(study):
        home, away = factor.words(factor.levels[0]), factor.words(other)
        keys = tuple(f.key for f in study.factors if f.key != factor.key and f.numeric)
        levels = study.settings.loc[study.cube.points[pairs[:, 0]], list(keys)].to_numpy(float)
        for metric in (metric for metric in HEADLINE_METRICS if metric in study.cube and keys):
            values = study.cube.of(metric)
            difference = _means(values[pairs[:, 1]] - values[pairs[:, 0]])
            yield _effect(f"{factor.label} {home} \u2192 {away}", metric, keys, levels, difference)


def _means(difference: Floats) -> Floats:
    seen = np.isfinite(difference)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(seen, difference, 0.0).sum(axis=1) / seen.sum(axis=1))


def _effect(lead: str, metric: str, keys: tuple[str, ...], parameters: Floats, difference: Floats) -> Effect:
    known = np.isfinite(difference) & (difference != 0) & np.isfinite(parameters).all(axis=1)
    varied = np.ptp(parameters[known], axis=0) > 0 if known.any() else np.zeros(len(keys), np.bool_)
    kept = tuple(key for key, varies in zip(keys, varied, strict=True) if varies)
    return Effect(lead, metric, kept, parameters[np.ix_(known, varied)], difference[known] > 0)


def turn_sentence(turn: Turn) -> str:
    """Say in one sentence where the sign turns."""
    effect, box = turn.effect, turn.box
    if box is None:
        raise ValueError("no box was found")
    return (
        f"{effect.name} {effect.words[0]} where {_where(effect.keys, box.limits)}: {_percent(box.density)} of such "
        f"draws ({box.hits} of {box.inside}) against {_percent(box.elsewhere)} elsewhere"
    )


def turn_claims(found: Sequence[Turn]) -> list[Claim]:
    """Say where signs turn, for the summary."""
    several = len({turn.effect.lead for turn in found}) > 1
    return [
        Claim(
            turn.effect.metric,
            (f"{lower_first(turn.effect.lead)}: " if several else "") + turn_sentence(turn),
            clear=True,
        )
        for turn in found
        if turn.box is not None
    ]


def discovery_section(found: Sequence[Turn]) -> Section | None:
    """Show where in parameter space signs turn."""
    if not found:
        return None
    told = [turn for turn in found if turn.box is not None]
    return Section(
        key="discovery",
        title="Where the sign turns",
        paragraphs=(_READING, *_untold(found)),
        charts=tuple(_chart(turn, i) for i, turn in enumerate(told[:_MOST_CHARTS])),
        tables=tuple(_tree_table(turn) for turn in told if turn.tree is not None and len(turn.tree.leaves) > 1),
    )


def _untold(found: Sequence[Turn]) -> Iterator[str]:
    few = [turn for turn in found if turn.tree is None]
    if few:
        yield (
            f"Too few draws to tell where the sign turns ({LEAST_DRAWS} are needed, {LEAST_OF_A_SIGN} of them of the "
            f"rarer sign). {upper_first(_named(few))}."
        )
    unclear = [turn for turn in found if turn.tree is not None and turn.box is None]
    if unclear:
        yield f"No part of parameter space stands out from chance. {upper_first(_named(unclear))}."


def _named(found: Sequence[Turn]) -> str:
    """Write in how many draws each effect has the rarer sign, under each lead."""
    leads = dict.fromkeys(turn.effect.lead for turn in found)
    told = {lead: ", ".join(_rarer(turn.effect) for turn in found if turn.effect.lead == lead) for lead in leads}
    return "; ".join(f"{lower_first(lead)}: {effects}" for lead, effects in told.items())


def _rarer(effect: Effect) -> str:
    return f"{effect.name} {effect.words[0]} in {int(effect.turned.sum())} of {effect.turned.size}"


def _chart(turn: Turn, number: int) -> Chart:
    effect, box = turn.effect, turn.box
    if box is None:
        raise AssertionError
    x, y = _shown(effect, box)
    limits = {limit.column: limit for limit in box.limits}
    hidden = [limit for limit in box.limits if limit.column not in {x, y}]
    frame = pd.DataFrame(
        {
            "x": effect.parameters[:, x],
            "y": effect.parameters[:, y],
            "turned": effect.turned,
            "near": inside(effect.parameters, hidden),
        }
    )
    ends = [(limits[i].low, limits[i].high) if i in limits else (-np.inf, np.inf) for i in (x, y)]
    data = SignBox(frame, ends[0], ends[1], effect.words, upper_first(effect.name), effect.keys[x], effect.keys[y])
    faint = f" Faint: not {_where(effect.keys, hidden)}." if hidden else ""
    left_out = (
        f", {_percent(box.left_out)} where the counted draws had no part in the search" if box.left_out >= 0 else ""
    )
    return Chart(
        name=f"discovery-{number + 1}-{slug(effect.metric)}",
        draw=partial(plot_sign_box, data),
        frame=frame.rename(columns={"x": effect.keys[x], "y": effect.keys[y]}),
        caption=(
            f"{effect.lead}: {turn_sentence(turn)}{left_out}. The box holds {_percent(box.coverage)} of the draws in "
            f"which {effect.name} {effect.words[0]}; shuffled signs gave as good a box in at most "
            f"{_percent(box.chance, 1)} of searches.{faint}"
        ),
        alt=f"Draws by the sign of the effect on {effect.name} over two parameters, and the box.",
        group=effect.lead,
    )


def _shown(effect: Effect, box: Box) -> tuple[int, int]:
    """Return the two parameters that tell most: those of the box, then those whose draws differ most between signs."""
    by_difference = np.argsort(-differences(effect.parameters, effect.turned), kind="stable")
    ordered = list(dict.fromkeys([limit.column for limit in box.limits] + [int(i) for i in by_difference]))
    return ordered[0], ordered[1] if len(ordered) > 1 else ordered[0]


def _tree_table(turn: Turn) -> tuple[str, Table]:
    effect, tree = turn.effect, turn.tree
    if tree is None:
        raise AssertionError
    rows = tuple(
        (effect.metric, (_where(effect.keys, leaf.limits), str(leaf.draws), _percent(leaf.hits / leaf.draws)))
        for leaf in tree.leaves
    )
    caption = (
        f"{effect.lead}: a tree of at most two questions. It foretells the sign of {_percent(tree.right)} of the draws "
        f"that had no part in growing it; the commoner sign is that of {_percent(tree.commoner)}."
    )
    return caption, Table(("Where", "Draws", f"{upper_first(effect.name)} {effect.words[0]}"), rows, "words")


def _where(keys: Sequence[str], limits: Sequence[Limit]) -> str:
    return " and ".join(_condition(keys[limit.column], limit) for limit in limits)


def _condition(key: str, limit: Limit) -> str:
    if np.isfinite(limit.low) and np.isfinite(limit.high):
        return f"{key} is between {limit.low:.3g} and {limit.high:.3g}"
    return f"{key} is above {limit.low:.3g}" if np.isfinite(limit.low) else f"{key} is below {limit.high:.3g}"


def _percent(share: float, decimals: int = 0) -> str:
    return f"{100 * share:.{decimals}f}{NARROW}%"
