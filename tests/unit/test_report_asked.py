"""Figures that experiments ask for by name: what they show, and that they stay away where there is nothing to show."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from experiments.questions import FigureSettings
from experiments.report.asked import agreement, incidence, levels, lorenz, plane, small_multiples
from experiments.report.asked.incidence import PARTS
from experiments.report.study import Study
from experiments.results import load
from tests.synthetic_results import POOL, SHARE, supply_by_opt_in, write_results

METRICS = ["welfare_usd", "delivery_min_mean"]


def asked(**keys: Any) -> dict[str, Any]:
    return {"metrics": [], "x": None, "columns": None, "lines": None, "at": {}, **keys}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = write_results(tmp_path_factory.mktemp("results"), supply_by_opt_in())
    return Study.of(load(folder))


def test_small_multiples_show_paired_differences_from_the_baseline_level(study: Study) -> None:
    [chart] = small_multiples.charts(study, asked(metrics=METRICS, x=POOL, lines=SHARE))
    home = study.settings.loc[study.centre, POOL]
    frame = chart.frame
    assert (frame.loc[frame["x"] == home, "mean"] == 0).all()
    assert set(frame["row"]) == set(METRICS)
    share: Any = study.settings.loc[study.centre, SHARE]
    after = study.find({POOL: study.factor(POOL).levels[0], SHARE: share})
    assert after is not None
    expected = float((study.cube.at(after, METRICS[0]) - study.cube.at(study.centre, METRICS[0])).mean())
    line = frame[(frame["row"] == METRICS[0]) & (frame["line"] == study.factor(SHARE).words(float(share)))]
    assert line.sort_values("x")["mean"].iloc[0] == pytest.approx(expected)
    assert chart.draw().get_figure() is not None
    [columns] = small_multiples.charts(study, asked(metrics=METRICS, x=POOL, columns=SHARE))
    assert set(columns.frame["line"]) == {"all"}
    assert columns.draw().get_figure() is not None


def test_levels_are_means(study: Study) -> None:
    [chart] = levels.charts(study, asked(metrics=METRICS, x=POOL, at={SHARE: study.factor(SHARE).levels[0]}))
    first = study.find({POOL: study.factor(POOL).levels[0], SHARE: study.factor(SHARE).levels[0]})
    assert first is not None
    assert chart.frame["mean"].iloc[0] == pytest.approx(float(study.cube.at(first, METRICS[0]).mean()))


def test_a_plane_has_a_dot_a_point_but_the_baselines(study: Study) -> None:
    [chart] = plane.charts(study, asked(metrics=METRICS, x=POOL, lines=SHARE))
    assert len(chart.frame) == len(study.settings) - len(study.factor(SHARE).levels)
    assert chart.draw().get_xlabel()


def test_gains_of_all_add_up_to_welfare_where_the_model_says_so(study: Study) -> None:
    [chart] = incidence.charts(study, asked(x=POOL))
    bars = chart.frame[chart.frame["player"] != "all together"]
    assert set(bars["player"]) == {label for label, _, _, _ in PARTS}
    assert bars["bar"].nunique() == len(study.factor(POOL).levels) - 1
    assert chart.draw().get_figure() is not None


def test_lorenz_curves_lie_below_the_diagonal() -> None:
    curve = lorenz._curve(np.array([1.0, 3.0, 0.0, 4.0]))
    assert curve["earnings"][[0, -1]].tolist() == [0.0, 1.0]
    np.testing.assert_allclose(curve["earnings"][[25, 50, 75]], [0.0, 1 / 8, 4 / 8])
    assert (curve["earnings"] <= curve["drivers"] + 1e-12).all()


def test_lorenz_curves_need_the_table_of_drivers(study: Study, tmp_path: Path) -> None:
    assert lorenz.charts(study, asked(lines=POOL)) == []
    folder = write_results(tmp_path, supply_by_opt_in())
    keys = load(folder).plan["run_key"]
    table = pd.DataFrame(
        {"run_key": np.repeat(keys, 3), "online_s": 3600.0, "net_usd": np.tile([1.0, 2.0, 3.0], len(keys))}
    )
    (folder / "tables" / "drivers").mkdir()
    table.to_parquet(folder / "tables" / "drivers" / "00000.parquet")
    [chart] = lorenz.charts(Study.of(load(folder)), asked(lines=POOL))
    assert chart.frame["earnings"].max() == 1.0
    assert chart.draw().get_figure() is not None


@pytest.mark.parametrize("module", [small_multiples, levels, plane, incidence, lorenz, agreement])
def test_figures_of_factors_that_were_not_varied_are_left_out(study: Study, module: Any) -> None:
    assert module.charts(study, asked(metrics=METRICS, x="courier.tip", lines="courier.tip")) == []


def test_a_figure_is_known_by_its_file() -> None:
    assert FigureSettings(figure="plane").figure == "plane"
    with pytest.raises(ValidationError, match=r"there are .*incidence.*lorenz"):
        FigureSettings(figure="pie_chart")


def test_the_balance_of_an_order_is_that_of_its_parts() -> None:
    base = {
        "vkt_km": 1000.0,
        "vkt_gig_loaded_km": 100.0,
        "loaded_km_per_order": 5.0,
        "least_deadhead_km_per_order": 3.0,
        "van_km_per_further_stop": 0.3,
        "vkt_own_trip_km": 600.0,
        "mall_visits": 20.0,
        "occasions": 100.0,
        "share_store_big_box": 0.1,
        "orders_mall_direct": 0.0,
        "warehouse_orders_displaced": 0.0,
        "diversion_to_store_mall": np.nan,
        "diversion_to_store_big_box": np.nan,
    }
    there = {
        **base,
        "vkt_km": 1090.0,
        "vkt_gig_loaded_km": 180.0,
        "loaded_km_per_order": 6.0,
        "least_deadhead_km_per_order": 4.0,
        "orders_mall_direct": 10.0,
        "warehouse_orders_displaced": 4.0,
        "diversion_to_store_mall": 0.2,
        "diversion_to_store_big_box": 0.1,
    }
    cube = SimpleNamespace(at=lambda point, metric: np.array([(base, there)[point][metric]]))
    simulated, predicted = agreement._per_order(cast("Study", SimpleNamespace(cube=cube)), 1, 0, 1.5)
    assert simulated[0] == pytest.approx(9.0)
    # Loaded 80 km more, empty 30 x 4 instead of 20 x 3; 4 parcels of 1.5 a stop at 0.3 km; 3 trips of 20 km not made.
    assert predicted[0] == pytest.approx((80 + 60 - 4 / 1.5 * 0.3 - 3 * 20) / 10)
