"""Heat maps of the report: a measure without any value is named, not drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from galleria.experiments.report.heat_maps import heat_section
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import supply_by_opt_in, write_results


def test_a_measure_that_no_point_has_is_named_and_not_drawn(tmp_path: Path) -> None:
    study = Study.of(load(write_results(tmp_path, supply_by_opt_in())))
    whole = heat_section(study)
    data = study.cube.data.copy()
    data[:, study.cube.metrics.index("delivery_min_mean")] = np.nan
    section = heat_section(replace(study, cube=replace(study.cube, data=data)))
    assert whole is not None
    assert section is not None
    drawn = {chart.name for chart in section.charts}
    assert {chart.name for chart in whole.charts} - drawn == {"heat-delivery-min-mean"}
    assert section.paragraphs[1:] == ("Mean delivery time (min): not shown, since no point has a value.",)
    assert whole.paragraphs[1:] == ()
