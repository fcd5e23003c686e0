"""What would change the answer: other parameters by scenario discovery, else the other settings of the design."""

from collections.abc import Iterator, Sequence

import numpy as np

from galleria.experiments.report.answer.parties import Gain, gains
from galleria.experiments.report.comparing import Comparison
from galleria.experiments.report.discovery import Turn, turn_sentence
from galleria.experiments.report.draws import number_of_draws
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first, upper_first

_MOST_TOLD = 2


def what_would_change(study: Study, compared: Sequence[Comparison], turned: Sequence[Turn]) -> str:
    """Say in a sentence or two what turns the signs of the answer, or that nothing tried does."""
    told = [upper_first(f"{lower_first(turn.effect.lead)}: {turn_sentence(turn)}.") for turn in turned if turn.box]
    if told:
        return " ".join(told[:_MOST_TOLD])
    if draws := number_of_draws(study):
        if turned:
            return (
                "The draws of what is not known turn some signs, but no part of them stands out where they do: see "
                "in how many below."
            )
        return f"None of the {draws} draws of what is not known turns a sign of the measures below."
    turns, settings = [], 0
    for c in compared:
        home = {gain.metric: gain for gain in gains(study, c.before, c.after) if gain.clear}
        for where, there in _elsewhere(study, c):
            settings += 1
            turns += [
                f"with {where}, {gain.name} {'gain' if gain.mean > 0 else 'lose'}{'' if gain.plural else 's'} "
                f"{gain.amount()} instead ({lower_first(c.factor.label)}: {' \u2192 '.join(c.levels())})"
                for gain in there
                if gain.clear and gain.metric in home and np.sign(gain.mean) != np.sign(home[gain.metric].mean)
            ]
    if not settings:
        return "No factor was varied beside these, so that nothing here tells what would turn the signs."
    if not turns:
        others = "the other setting" if settings == 1 else f"the {settings} other settings"
        return f"Nothing tried here: at {others} of the design each party that is seen to gain or lose does so too."
    more = f"; and {len(turns) - _MOST_TOLD} more such turns in the design" if len(turns) > _MOST_TOLD else ""
    return upper_first("; ".join(turns[:_MOST_TOLD]) + more + ".")


def _elsewhere(study: Study, c: Comparison) -> Iterator[tuple[str, list[Gain]]]:
    """Return the same change where other factors stand otherwise: where, and what each party gains there."""
    others = [factor.key for factor in study.factors if factor.key != c.factor.key]
    if not others or c.moved or study.shape not in {"factorial", "slices"}:
        return
    home = study.settings.loc[c.before, others]
    for point in study.settings.index[study.settings[c.factor.key] == c.low]:
        levels = study.settings.loc[point]
        after = study.find({**levels.to_dict(), c.factor.key: c.high})
        if after is None or (levels[others] == home).all():
            continue
        differing = [key for key in others if levels[key] != home[key]]
        same = [key for key in study.settings.columns if key not in differing]
        yield study.held(int(point), but=same), gains(study, int(point), after)
