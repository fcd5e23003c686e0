"""Measures that a question names: wrong names are told before anything runs."""

import re
from collections.abc import Iterable, Iterator, Sequence

from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.questions import Curve, ExperimentSettings, Hypothesis
from galleria.models.settings.errors import nearest_key


def problems_of_measures(experiment: ExperimentSettings, design: DesignSettings, known: Sequence[str]) -> list[str]:
    """Say which measures of a question no run gives, each with the nearest right name.

    Parameters
    ----------
    experiment, design
        The question.
    known
        Names of the model's measures; those of families with their member in angle brackets.
    """
    patterns = [re.compile(_ANY_MEMBER.sub(".+", re.escape(name))) for name in known]
    return [
        no_such_measure(where, name, known)
        for where, name in _named(experiment, design)
        if not any(pattern.fullmatch(name) for pattern in patterns)
    ]


def no_such_measure(where: str, name: str, known: Sequence[str]) -> str:
    """Say that a measure does not exist, and which one was probably meant."""
    near = nearest_key(name, list(known))
    return f"{where}: there is no measure {name}{'' if near is None else f'; did you mean {near}?'}"


_ANY_MEMBER = re.compile(r"<\w+>")


def _named(experiment: ExperimentSettings, design: DesignSettings) -> Iterator[tuple[str, str]]:
    """List the measures of a question, each with where it stands."""
    named: dict[str, Iterable[str | None]] = {
        "experiment.stopping.metrics": experiment.stopping.metrics,
        "experiment.headline": (metric for headline in experiment.headline for metric in headline.metrics),
        "experiment.hypotheses": (metric for entry in experiment.hypotheses for metric in _of_hypothesis(entry)),
        "experiment.published": (published.metric for published in experiment.published),
        "experiment.figures": (metric for figure in experiment.figures for metric in figure.metrics),
        "design.objective": design.objective,
        "design.limits": design.limits,
        "design.moments": design.moments,
    }
    for where, metrics in named.items():
        yield from ((where, metric) for metric in metrics if metric is not None)


def _of_hypothesis(entry: Hypothesis | Curve) -> tuple[str | None, ...]:
    than = entry.than if isinstance(entry, Hypothesis) else None
    return (entry.metric, than.metric if than is not None else None)
