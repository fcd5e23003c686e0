"""Small multiples of the levels of measures along `x`, where `small_multiples` shows differences."""

from collections.abc import Mapping
from typing import Any

from experiments.design.figure_names import figure
from experiments.report.asked.small_multiples import panels
from experiments.report.charts import Chart
from experiments.report.study import Study


@figure("levels")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a row a measure."""
    return panels(study, entry, "levels", None)
