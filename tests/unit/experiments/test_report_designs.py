"""Reports of designs over many factors: indices, surfaces, signs, bends and precision."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from galleria.experiments.design.samples import samples
from galleria.experiments.report import build_report, findings
from galleria.experiments.report.comparing import comparisons
from galleria.experiments.report.facts import facts
from galleria.experiments.report.precision import bending_table, precision_section
from galleria.experiments.report.sensitivity import sensitivity_section, sign_claims, surface_table, unit_cube
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import POOL, SHARE, Design, Point, supply_by_opt_in, write_results

LABELS = {POOL: "Driver pool", SHARE: "Mall opt-in", "a.b": "A of b", "policy": "Policy"}


def sampled(kind: str, **settings: int) -> Design:
    """Make a design of three factors from the project's own samples."""
    keys = [POOL, SHARE, "a.b"]
    given = {"kind": kind, "points": None, "trajectories": None, "levels": None, "second_order": False, "seed": 5}
    sample = samples()[kind](SimpleNamespace(**{**given, **settings}), 3)
    low, high = np.array([60, 0.05, 0]), np.array([400, 0.8, 1])
    unique, rows = np.unique(low + sample * (high - low), axis=0, return_inverse=True)
    points: list[Point] = [dict(zip(keys, map(float, row), strict=True)) for row in unique]
    record = {"kind": kind, "varied": keys, "rows": rows.tolist(), "sample": sample.tolist()}
    return make(points, record, replications=3)


def make(points: list[Point], record: Mapping[str, Any], replications: int = 4, baseline: int | None = None) -> Design:
    keys = list(points[0])
    return Design(
        points=points,
        labels={key: LABELS[key] for key in keys},
        units={SHARE: "share", POOL: "drivers"},
        baseline=baseline,
        replications=replications,
        tables=(),
        record=record,
    )


def study_of(folder: Path, design: Design) -> Study:
    return Study.of(load(write_results(folder, design)))


@pytest.mark.parametrize(
    ("kind", "settings", "index"),
    [("morris", {"trajectories": 5, "levels": 4}, "mean size"), ("sobol_indices", {"points": 32}, "with interactions")],
)
def test_indices_name_the_factor_that_matters(kind: str, settings: dict[str, int], index: str, tmp_path: Path) -> None:
    folder = write_results(tmp_path, sampled(kind, **settings))
    section = sensitivity_section(Study.of(load(folder)))
    assert section is not None
    delivery = next(chart for chart in section.charts if "delivery-min-mean" in chart.name)
    strongest = delivery.frame[delivery.frame["index"] == index].iloc[0]
    assert strongest["factor"] == "Driver pool"
    assert strongest["low"] > 0
    said = findings(load(folder))
    assert any("mean delivery time hangs most on driver pool" in sentence for sentence in said), said


def test_a_page_of_indices_can_be_built(tmp_path: Path) -> None:
    text = build_report(write_results(tmp_path, sampled("morris", trajectories=4, levels=4))).read_text("utf-8")
    assert "Which factors matter" in text
    assert "kind: morris" in text
    assert "elementary effect" in text.lower()


def spread_points(n: int) -> list[Point]:
    rng = np.random.default_rng(2)
    return [{POOL: float(p), SHARE: float(s)} for p, s in rng.uniform([60, 0.05], [400, 0.8], (n, 2))]


def test_surfaces_say_how_well_they_predict(tmp_path: Path) -> None:
    table = surface_table(study_of(tmp_path, make(spread_points(30), {"kind": "lhs"})))
    assert table is not None
    delivery = next(cells for key, cells in table.rows if key == "delivery_min_mean")
    assert delivery[1] in {"quadratic", "Gaussian process"}
    assert float(delivery[4].split("\u202f")[0]) > 90


def test_levels_are_scaled_to_the_unit_cube(tmp_path: Path) -> None:
    cube = unit_cube(study_of(tmp_path, make(spread_points(12), {"kind": "lhs"})))
    assert cube.min(axis=0).tolist() == [0, 0]
    assert cube.max(axis=0).tolist() == [1, 1]


def test_signs_are_counted_over_crossed_points(tmp_path: Path) -> None:
    points: list[Point] = [{**point, "a.b": crossed} for point in spread_points(10) for crossed in (0.0, 2.0)]
    study = study_of(tmp_path, make(points, {"kind": "sobol", "crossed": ["a.b"]}))
    said = sign_claims(study)
    rivals = next(claim for claim in said if claim.metric == "orders_rivals")
    # The made-up response lets rivals lose a hair at every point; with shared noise this is seen at all of them.
    assert "fall at 10 of 10 points" in rivals.text
    assert "at 10 of them clearly" in rivals.text
    assert findings(study.results)[0].startswith("Over the 20 points of the design: a of b 0 \u2192 2:")


def test_the_bend_of_a_curve_is_found_and_straight_ones_are_left_out(tmp_path: Path) -> None:
    pools = (60.0, 120.0, 180.0, 240.0, 320.0, 400.0)
    table = bending_table(study_of(tmp_path, make([{POOL: p} for p in pools], {"kind": "factorial"}, 8, 3)))
    assert table is not None
    bends = dict(table.rows)
    assert "orders_rivals" in bends
    assert bends["orders_rivals"][1].startswith("1")


def test_a_page_tells_why_replications_were_not_more(tmp_path: Path) -> None:
    folder = write_results(tmp_path, supply_by_opt_in(pools=(240,), shares=(0.2, 0.8)))
    path = folder / "provenance.json"
    told = json.loads(path.read_text("utf-8")) | {"stopping": {"reason": "all 3 targets reached with 14 replications"}}
    path.write_text(json.dumps(told), "utf-8")
    study = Study.of(load(folder))
    assert facts(study)["stopping"] == "all 3 targets reached with 14 replications"


def test_precision_tells_what_pairing_gained(tmp_path: Path) -> None:
    study = study_of(tmp_path, supply_by_opt_in(pools=(240,), shares=(0.2, 0.8)))
    section = precision_section(study, comparisons(study))
    assert section is not None
    rows = dict(section.tables[0][1].rows)
    gain = float(rows["orders_rivals"][1].removesuffix("\N{MULTIPLICATION SIGN}").replace(",", ""))
    assert gain > 10
    assert int(rows["orders_rivals"][3]) >= 2
