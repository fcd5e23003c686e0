"""The closed form of throughput and its pictures, on made-up results whose answer is known."""

import itertools

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.supply_demand import DEMAND, DRIVERS, RULE, closed_form, supply_demand_section
from galleria.experiments.results import Results
from galleria.experiments.statistics import Cube

RULES, POOLS, DEMANDS = ("fcfs", "lap"), (30.0, 40.0), (0.1, 0.6)
MEASURED = {
    "afternoon_orders_per_h": ("1/h", 60.0),
    "afternoon_pickup_min_mean": ("min", 15.0),
    "from_store_min_per_order": ("min", 20.0),
    "least_pickup_min": ("min", 8.0),
    "nearest_pickup_min_1": ("min", 16.0),
    "nearest_pickup_min_4": ("min", 10.0),
    "nearest_pickup_min_16": ("min", 4.0),
}


@pytest.fixture
def study() -> Study:
    points = [dict(zip((DRIVERS, DEMAND, RULE), at, strict=True)) for at in itertools.product(POOLS, DEMANDS, RULES)]
    plan = pd.DataFrame(
        [{"run_key": f"{p}-{r}", "point": p, "replication": r, **at} for p, at in enumerate(points) for r in (0, 1)]
    )
    metrics = pd.DataFrame(
        [
            {"run_key": run.run_key, "point": run.point, "replication": run.replication, "metric": metric}
            | {"unit": unit, "value": value}
            for run in plan.itertuples()
            for metric, (unit, value) in MEASURED.items()
        ]
    )
    factors = (
        Factor(DRIVERS, "Drivers", "drivers", POOLS, numeric=True),
        Factor(DEMAND, "Demand", None, DEMANDS, numeric=True),
        Factor(RULE, "Dispatch rule", None, RULES, numeric=False),
    )
    results = Results.__new__(Results)
    return Study(results, Cube.of_frames(metrics, plan), factors, pd.DataFrame(points).rename_axis("point"))


def test_throughput_ends_at_the_floor_and_bends_back(study: Study) -> None:
    """With nobody idle all 30 are 20 min from the store on and 16 min across town; at 4 idle the drive is 10 to 16."""
    curve = closed_form(study, 30.0).set_index("idle")
    assert curve["low"].iloc[0] == pytest.approx(60 * (30 - 0.3) / (20 + 16))
    assert curve["high"].iloc[0] == curve["low"].iloc[0]
    assert curve["low"].iloc[-1] == curve["high"].iloc[-1] == 0
    assert (curve["low"] <= curve["high"]).all()
    at_four = curve.iloc[int(np.abs(curve.index.to_numpy(float) - 4).argmin())]
    assert at_four["high"] == pytest.approx(60 * 26 / 30, rel=0.02)
    assert at_four["low"] == pytest.approx(60 * 26 / 36, rel=0.02)
    assert float(curve.index.to_numpy(float)[int(curve["high"].argmax())]) > 1


def test_pictures_show_every_point_and_name_the_rules(study: Study) -> None:
    section = supply_demand_section(study)
    assert section is not None
    assert "at most" in section.paragraphs[1]
    drawn = {chart.name: chart.draw() for chart in section.charts}
    assert len(drawn) == 2 + 1 + len(POOLS)
    panels = drawn["map-afternoon-orders-per-h"].figure.axes
    assert [ax.get_title(loc="left") for ax in panels] == [f"{rule}" for rule in RULES]
    legend = drawn["throughput-by-idle-drivers"].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(RULES)


def test_other_experiments_have_no_such_section(study: Study) -> None:
    assert supply_demand_section(Study(study.results, study.cube, study.factors[:2], study.settings)) is None
