"""Figures that experiments ask for by name: the registry, which costs no plotting library to look into."""

from collections.abc import Callable, Mapping
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from galleria.agents.kernel.registry import Registry

BUILT_IN = Path(__file__).resolve().parents[1] / "report" / "asked"
"""One file a figure: its function has `@figure("name of the file")` above it."""

FIGURES = Registry[Callable[..., list[Any]]]("figure")


class CannotBeDrawnError(ValueError):
    """The results, or the keys of the figure's entry, lack what the figure shows; the message says what."""


def figure[F: Callable[..., list[Any]]](name: str) -> Callable[[F], F]:
    """Register `charts(study, entry)`, which returns the charts of one entry of `experiment.figures`."""

    def register(charts: F) -> F:
        FIGURES.add(name, charts)
        return charts

    return register


def built_in() -> tuple[str, ...]:
    """List the figures that come with the package."""
    return tuple(sorted(each.name for each in iter_modules([str(BUILT_IN)])))


def need_factor(study: Any, entry: Mapping[str, Any], axis: str) -> None:
    """Raise `CannotBeDrawnError` unless an axis of a figure (`x`, `columns`, `lines`) names a factor of the study."""
    factors = [factor.key for factor in study.factors]
    if entry[axis] not in factors:
        raise CannotBeDrawnError(f"{axis} = {entry[axis]} is no factor of the design; there are {', '.join(factors)}")


def need_measure(study: Any, metric: str) -> None:
    """Raise `CannotBeDrawnError` unless a measure is in the results."""
    if metric not in study.cube:
        raise CannotBeDrawnError(f"{metric} was not measured")
