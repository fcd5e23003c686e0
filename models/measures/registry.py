"""The registry of measures.

A measure is a function of the evidence of a run. `@measure` registers one number; `@measures` a family with one number
for each member (a channel, a courier). The first line of the docstring is the measure's definition.
"""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from galleria.agents.kernel.registry import Registry
from galleria.models.measures.evidence import Evidence


class Measure(NamedTuple):
    """One entry of the registry; a family's name has its member in angle brackets."""

    name: str
    unit: str
    definition: str
    compute: Callable[[Evidence], dict[str, float]]


MEASURES = Registry[Measure]("measure")


def measure(name: str, unit: str) -> Callable[[Callable[[Evidence], float]], Callable[[Evidence], float]]:
    """Register a measure; the function's first docstring line is its definition."""

    def register(function: Callable[[Evidence], float]) -> Callable[[Evidence], float]:
        MEASURES.add(name, Measure(name, unit, _definition(function), lambda evidence: {name: function(evidence)}))
        return function

    return register


def measures(
    name: str, unit: str
) -> Callable[[Callable[[Evidence], dict[str, float]]], Callable[[Evidence], dict[str, float]]]:
    """Register a family of measures, "share_<channel>"; the function gives one number a member."""
    before, _, rest = name.partition("<")
    after = rest.partition(">")[2]

    def register(function: Callable[[Evidence], dict[str, float]]) -> Callable[[Evidence], dict[str, float]]:
        def compute(evidence: Evidence) -> dict[str, float]:
            return {f"{before}{member}{after}": value for member, value in function(evidence).items()}

        MEASURES.add(name, Measure(name, unit, _definition(function), compute))
        return function

    return register


def registry() -> tuple[Measure, ...]:
    """Return all registered measures in the order of their declaration."""
    return MEASURES.values()


def measure_all(evidence: Evidence) -> pd.DataFrame:
    """Compute all measures of a run: columns metric, unit, value."""
    rows = [(name, each.unit, value) for each in registry() for name, value in each.compute(evidence).items()]
    return pd.DataFrame(rows, columns=["metric", "unit", "value"])


def _definition(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def measures_table() -> str:
    """Write all measures as a page of Markdown."""
    head = [
        "# Measures",
        "",
        "Written by `python -m galleria.models.measures`; a test keeps it so. Amounts and counts are per operating day",
        "unless the name says otherwise; a name in angle brackets stands for one measure each. Where there is nothing",
        "to measure, a measure is not a number.",
        "",
        "| measure | unit | definition |",
        "|---|---|---|",
    ]
    rows = [f"| `{each.name}` | {each.unit} | {each.definition} |" for each in registry()]
    return "\n".join([*head, *rows]) + "\n"
