"""Figures that experiments ask for by name (`experiment.figures`): one file a figure.

A new one is a file here, or a module of an installed package, with a function `charts(study, entry)` below
`@figure("name")`: it returns the figure's charts from the results and the keys of its entry, or raises
`CannotBeDrawnError` with the reason, which the report shows in their place.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from galleria.experiments.design.figure_names import FIGURES, CannotBeDrawnError, built_in
from galleria.experiments.report.charts import Chart, Section
from galleria.experiments.report.study import Study


def asked_section(study: Study) -> Section | None:
    """Draw the figures that the experiment asks for, and say why where one cannot be drawn."""
    entries = study.results.provenance.get("figures") or []
    drawn: list[Chart] = []
    missing: list[str] = []
    for entry in entries:
        try:
            drawn += charts_of(study, entry)
        except CannotBeDrawnError as reason:
            missing.append(f"The figure {entry['figure']} is not drawn: {reason}.")
    if not entries:
        return None
    n = len(study.cube.replications)
    return Section(
        key="asked",
        title="The experiment's own figures",
        paragraphs=tuple(missing),
        charts=tuple(drawn),
        note=f"95 % t intervals over replications, n\u00a0=\u00a0{n}." if n > 1 else "One replication: no intervals.",
    )


def charts_of(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one entry of `experiment.figures`.

    Raises
    ------
    CannotBeDrawnError
        If the results or the entry lack what the figure shows.
    """
    name = entry["figure"]
    if name in built_in():
        import_module(f"galleria.experiments.report.asked.{name}")
    return FIGURES[name](study, entry)
