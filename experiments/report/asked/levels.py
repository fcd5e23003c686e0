"""Small multiples of the levels of measures along `x`, where `small_multiples` shows differences."""

from collections.abc import Mapping
from typing import Any

from galleria.experiments.design.figure_names import figure
from galleria.experiments.report.asked.small_multiples import panels
from galleria.experiments.report.charts import Chart
from galleria.experiments.report.study import Study


@figure("levels")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a row a measure."""
    return panels(study, entry, "levels", None)
