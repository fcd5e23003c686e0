"""Pictures that experiments ask for by name (`experiment.figures`): one file a figure, its function `charts`.

A new one is a file here: `charts(study, entry)` gives its charts from the results and the keys of its entry, and none
where the results lack what it shows.
"""

from importlib import import_module
from typing import Any

from experiments.report.charts import Chart, Section
from experiments.report.study import Study


def asked_section(study: Study) -> Section | None:
    """Draw the pictures that the experiment asks for."""
    drawn: list[Chart] = []
    for entry in study.results.provenance.get("figures") or []:
        module: Any = import_module(f"experiments.report.asked.{entry['figure']}")
        drawn += module.charts(study, entry)
    if not drawn:
        return None
    n = len(study.cube.replications)
    return Section(
        key="asked",
        title="The experiment's own figures",
        paragraphs=(),
        charts=tuple(drawn),
        note=f"95 % t intervals over replications, n\u00a0=\u00a0{n}." if n > 1 else "One replication: no intervals.",
    )
