"""Two results folders as one: the report's comparison of both is that of their own runs."""

import json
from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.cli import main
from galleria.experiments.report.comparing import comparisons
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from galleria.experiments.results.joining import join
from galleria.models.errors import UsageError
from tests.synthetic_results import POOL, Design, write_results


def folder(path: Path, pools: tuple[float, ...], seed: int = 7, more: float = 0.0) -> Path:
    """Write results at some pools; `more` is added to all consumer surplus."""
    points = [{POOL: pool} for pool in pools]
    design = Design(points=list(points), labels={POOL: "Driver pool"}, units={POOL: "drivers"}, tables=(), seed=seed)
    write_results(path, design)
    metrics = pd.read_parquet(path / "metrics.parquet")
    metrics.loc[metrics["metric"] == "consumer_surplus_usd", "value"] += more
    metrics.to_parquet(path / "metrics.parquet")
    return path


def test_the_change_between_folders_is_that_of_their_common_points(tmp_path: Path) -> None:
    a, b = folder(tmp_path / "a", (60.0, 240.0)), folder(tmp_path / "b", (240.0, 60.0, 400.0), more=100.0)
    study = Study.of(load(join(load(a), load(b), tmp_path / "both")))
    assert len(study.settings) == 4, "400 is in one of them only"
    (c,) = comparisons(study)
    assert c.lead(study) == "Results changed from a to b (driver pool: 60 drivers)"
    change = study.cube.at(c.after, "consumer_surplus_usd") - study.cube.at(c.before, "consumer_surplus_usd")
    assert change == pytest.approx([100.0] * 4)
    assert study.cube.at(c.before, "orders_rivals") == pytest.approx(study.cube.at(c.after, "orders_rivals"))
    assert study.baseline == c.before


def test_other_seeds_other_factors_and_a_folder_that_is_there_are_refused(tmp_path: Path) -> None:
    a, b = load(folder(tmp_path / "a", (60.0, 240.0))), load(folder(tmp_path / "b", (60.0, 240.0), seed=8))
    with pytest.raises(UsageError, match="other seeds"):
        join(a, b, tmp_path / "both")
    one = load(write_results(tmp_path / "one", Design(points=[{}], labels={}, units={}, tables=())))
    with pytest.raises(UsageError, match="other factors"):
        join(a, one, tmp_path / "both")
    with pytest.raises(UsageError, match="no point in common"):
        join(a, load(folder(tmp_path / "c", (61.0, 241.0))), tmp_path / "both")
    with pytest.raises(UsageError, match="there already"):
        join(a, a, tmp_path / "a")
    assert not (tmp_path / "both").exists()


def test_compare_writes_a_page_for_two_single_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, more in (("none", 0.0), ("cap", 50.0)):
        path = write_results(tmp_path / name, Design(points=[{}], labels={}, units={}, tables=()))
        metrics = pd.read_parquet(path / "metrics.parquet")
        metrics.loc[metrics["metric"] == "consumer_surplus_usd", "value"] += more
        metrics.to_parquet(path / "metrics.parquet")
    assert main(["compare", str(tmp_path / "none"), str(tmp_path / "cap"), "--page", str(tmp_path / "both")]) == 0
    assert "Report: " in capsys.readouterr().out
    page = (tmp_path / "both" / "report" / "index.html").read_text(encoding="utf-8")
    assert "What changed from none to cap?" in page
    assert "<strong>Consumers gain</strong>, $50.0 a day" in page
    assert json.loads((tmp_path / "both" / "provenance.json").read_text(encoding="utf-8"))["baseline_point"] == 0
