"""What a report says of its own claims: checks apart from hypotheses, and channels that all but vanished."""

import json
from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.report import build_report, findings
from galleria.experiments.report.collapsed import collapsed
from galleria.experiments.report.findings_page import page
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import POOL, Design, write_results

CLAIM = {"metric": "welfare_usd", "before": {POOL: 60.0}, "after": {POOL: 400.0}, "sign": "+", "than": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write results at three levels of the pool, with a hypothesis and a check."""
    levels = (60.0, 200.0, 400.0)
    points, labels, units = [{POOL: level} for level in levels], {POOL: "Driver pool"}, {POOL: "drivers"}
    write_results(tmp_path, Design(points=list(points), labels=labels, units=units, replications=4, tables=()))
    path = tmp_path / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["hypotheses"] = [{**CLAIM, "claim": "Of the world"}, {**CLAIM, "claim": "Of the code", "check": True}]
    path.write_text(
        json.dumps({**said, "baseline_point": 1, "points": 3, "replications": 4, "days": 1}), encoding="utf-8"
    )
    return tmp_path


def with_orders(folder: Path, orders: dict[int, float | None]) -> Path:
    """Let rival A have so many orders at each point; None where it is switched off."""
    path = folder / "metrics.parquet"
    metrics = pd.read_parquet(path)
    for metric in ("orders_rival_a", "share_rival_a"):
        rows = metrics["metric"] == metric
        assert rows.any()
        metrics.loc[rows, "value"] = metrics.loc[rows, "point"].map(orders).astype(float)
    metrics.to_parquet(path)
    return folder


def test_checks_stand_apart_from_hypotheses(folder: Path) -> None:
    report = build_report(folder).read_text(encoding="utf-8")
    assert report.index("Of the world") < report.index("<h3>Checks</h3>") < report.index("Of the code")
    written = page([folder])
    assert written.index("| hypothesis |") < written.index("Of the world") < written.index("| check |")
    assert written.index("| check |") < written.index("Of the code")


def test_a_channel_that_keeps_less_than_a_quarter_of_its_orders_is_told_first(folder: Path) -> None:
    with_orders(folder, {0: 5.0, 1: 40.0, 2: 9.9})
    (told,) = collapsed(Study.of(load(folder)))
    assert "Rival A keeps 12 % of its baseline orders (5.0 of 40.0 a day)" in told.replace("\u202f", " ")
    assert "and at 1 further points" in told
    assert findings(load(folder))[0] == f"Warning: {told}"
    report = build_report(folder).read_text(encoding="utf-8")
    assert report.index('role="alert"') < report.index("What was found")


@pytest.mark.parametrize("orders", [{0: 10.0, 1: 40.0, 2: 80.0}, {0: None, 1: 40.0, 2: 40.0}, {0: 0.1, 1: 0.9, 2: 0.9}])
def test_a_channel_that_keeps_a_quarter_or_is_switched_off_or_was_never_large_is_not(
    folder: Path, orders: dict[int, float | None]
) -> None:
    assert collapsed(Study.of(load(with_orders(folder, orders)))) == []
