"""Reports on bundles and kilometres: who is beaten by none, what is within the prediction, what nobody can draw."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from galleria.experiments.design.figure_names import CannotBeDrawnError
from galleria.experiments.report.asked import agreement
from galleria.experiments.report.bundling import CHOSEN, RANDOM, SIZE, bundling_section
from galleria.experiments.report.predicted import predicted_section
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import Design, factorial, write_results

POINTS = factorial({SIZE: [1, 2, 4], agreement.ACTIVE: [False, True]})


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return trips of one, two and four orders, with mall-direct and without, of which all parts are known."""
    design = Design(POINTS, {SIZE: "Orders in a trip", agreement.ACTIVE: "Mall-direct"}, {}, tables=())
    folder = write_results(tmp_path_factory.mktemp("bundles"), design)
    old = pd.read_parquet(folder / "metrics.parquet")
    runs = old.drop_duplicates("run_key")[["run_key", "point", "replication"]]
    size = runs["point"].map(lambda p: POINTS[p][SIZE]).astype(float)
    active = runs["point"].map(lambda p: POINTS[p][agreement.ACTIVE]).astype(float)
    noise = 0.01 * runs["replication"]
    values = {
        "delivery_min_mean": 30 + 5 * size + noise,
        "gig_km_per_order": 8 - size + noise,
        "pay_usd_per_order": 9 - 0.1 * size,
        "deadhead_km_per_order": 3 + noise + 9 * (size == 4),
        "least_deadhead_km_per_order": 2 + 0 * size,
        "nearest_deadhead_km_per_order": 2 + 0 * size,
        f"{CHOSEN}2": (3 + noise).where(size >= 2),
        f"{RANDOM}2": (4 + noise).where(size >= 2),
        f"{RANDOM}4": np.nan * size,
        # with mall-direct: 100 orders of 5 km loaded and 2 empty, vans save 10 km, customers 150
        "orders_mall_direct": 100 * active,
        "vkt_gig_loaded_km": 1000 + 500 * active,
        "loaded_km_per_order": 5 + 0 * size,
        "warehouse_orders_displaced": 40 * active,
        "van_km_per_further_stop": 0.5 + 0 * size,
        "diversion_to_store_mall": 0.2 + 0 * size,
        "diversion_to_store_big_box": 0.1 + 0 * size,
        "vkt_own_trip_km": 5000 + 0 * size,
        "mall_visits": 700 + 0 * size,
        "occasions": 1500 + 0 * size,
        "share_store_big_box": 0.2 + 0 * size,
        "vkt_km": 9000 + (540 - 800 * (size == 4)) * active + noise * active,
    }
    more = [runs.assign(metric=name, unit="", value=value.to_numpy()) for name, value in values.items()]
    kept = old[~old["metric"].isin(values)]
    pd.concat([kept, *more]).to_parquet(folder / "metrics.parquet", index=False)
    tours = {"couriers": {"warehouse": {"tours": {"parcels_per_stop": 2.0}}}}
    (folder / "config.yaml").write_text(yaml.safe_dump({"run": {"days": 1, "seed": 7}, **tours}))
    return Study.of(load(folder))


def test_the_front_is_of_points_that_none_beats_and_sizes_without_trips_are_left_out(study: Study) -> None:
    section = bundling_section(study)
    assert section is not None
    front, by_size = section.charts
    assert front.frame["front"].all()  # slower is shorter and cheaper here, and mall-direct changes nothing
    assert by_size.frame["x"].tolist() == [2, 2]
    assert dict(zip(by_size.frame["line"], by_size.frame["mean"], strict=True)) == {
        "chosen partners": pytest.approx(3.015),
        "partners at random": pytest.approx(4.015),
    }
    assert all(chart.draw().get_figure() is not None for chart in section.charts)


def test_empty_kilometres_beyond_the_prediction_are_counted_as_such(study: Study) -> None:
    section = predicted_section(study)
    assert section is not None
    assert "4 of 6 design points are inside the predicted range" in section.paragraphs[1]
    assert "at 4 between 2.00 and 4.00 km, simulated 12.0" in section.paragraphs[1]
    assert section.charts[0].draw().get_figure() is not None


def test_an_order_adds_what_its_parts_say_but_where_the_simulation_says_less(study: Study) -> None:
    [chart] = agreement.charts(study, {"lines": SIZE})
    # 5 km loaded + 2 empty - 40 / 2 * .5 / 100 - .3 * 5000 / (700 + .2 * 1500)
    assert chart.frame["predicted"].to_numpy() == pytest.approx(5 + 2 - 0.1 - 1.5)
    assert chart.frame["mean"].to_numpy() == pytest.approx([5.4, 5.4, -2.6], abs=0.001)
    assert "the sign agrees at 2 of 3 points" in chart.caption
    assert chart.draw().get_figure() is not None


@pytest.mark.parametrize("section", [bundling_section, predicted_section])
def test_other_experiments_have_no_such_section(section: Callable[[Study], object], tmp_path: Path) -> None:
    plain = Design(factorial({"drivers.pool": [60, 240]}), {"drivers.pool": "Driver pool"}, {}, tables=())
    assert section(Study.of(load(write_results(tmp_path / "plain", plain)))) is None


def test_agreement_needs_pairs_with_and_without(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Study, "find", lambda *_: None)
    with pytest.raises(CannotBeDrawnError, match="no pair of points"):
        agreement.charts(study, {"lines": SIZE})
