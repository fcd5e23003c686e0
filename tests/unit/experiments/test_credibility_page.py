"""The page of credibility: each published figure with its mark, the simulated one and a verdict."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.questions import ExperimentSettings
from galleria.experiments.report.credibility_page import page
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import POOL, Design, write_results

FIGURE = {"metric": "welfare_usd", "before": {POOL: 60.0}, "after": {POOL: 400.0}, "measured": "relative"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write results of two points with two published figures: one near, one of the other sign."""
    points = [{POOL: level} for level in (60.0, 400.0)]
    write_results(tmp_path, Design(list(points), {POOL: "Pool"}, {POOL: "drivers"}, replications=6, tables=()))
    path = tmp_path / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["published"] = [
        {**FIGURE, "what": "Welfare", "low": 0.0, "high": 0.5, "mark": "derived", "source": "a paper"},
        {**FIGURE, "what": "Welfare again", "low": -0.5, "high": -0.4, "mark": "interested", "source": "a platform"},
    ]
    said["given"] = ["The rule's text."]
    said["command"] = "galleria sweep experiment=it run.output=/somewhere/here"
    path.write_text(json.dumps(said), encoding="utf-8")
    return tmp_path


def test_each_figure_has_its_mark_its_interval_and_its_verdict(folder: Path) -> None:
    lines = page([folder]).splitlines()
    near, far = (
        next(line for line in lines if line.startswith(f"| {what} (")) for what in ("Welfare", "Welfare again")
    )
    assert "| agrees in size | derived | a paper |" in near
    assert "| opposite sign | interested | a platform |" in far
    assert near.count("[") == 1
    assert "Of 2 published figures: agrees in size: 1, opposite sign: 1." in lines
    assert "- The rule's text." in lines
    assert any(line.endswith("`galleria sweep experiment=it`.") for line in lines)


def test_where_parameters_are_drawn_the_share_of_draws_is_told(folder: Path) -> None:
    path = folder / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["uncertainty"] = {"draws": [{"drivers.cost_usd_per_km": 0.1 * i} for i in range(6)]}
    path.write_text(json.dumps(said), encoding="utf-8")
    written = page([folder])
    assert "%, up in 6 of 6 draws | agrees in size |" in written
    assert "6 replications, each with a draw of 1 parameter," in written


def test_what_baselines_are_fitted_to_is_named(folder: Path) -> None:
    written = page([folder])
    assert "| meals_nyc.yaml | `driver_gross_usd_per_online_h` | 11.72 | 0.5 |" in written
    assert "`drivers.reservation.median_usd_per_h`" in written


def test_a_calibration_is_told_where_it_began_and_where_it_ended(folder: Path) -> None:
    path = folder / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "calibration": {}, "experiment": "town"}), encoding="utf-8")
    place = folder / "calibration"
    place.mkdir()
    (place / "moments.csv").write_text("measure,target,se,simulated\nwelfare_usd,10,2,9.5\n", encoding="utf-8")
    (place / "parameters.csv").write_text(f"key,low,high,start,fitted,se\n{POOL},50,500,60,80,4.21\n", "utf-8")
    written = page([folder])
    began = float(Study.of(load(folder)).cube.at(0, "welfare_usd").mean())
    assert f"| `welfare_usd` | 10 | 2 | {began:.3g} | 9.5 |" in written
    assert f"| `{POOL}` | 50 to 500 | 60 | 80 | 4.2 |" in written
    assert "No published figures." in written


@pytest.fixture(scope="module")
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


@pytest.mark.parametrize("name", ["nyc_2023", "seattle_2024", "chicago_2020", "x6_commission_cap"])
def test_shipped_figures_are_marked_and_cite_a_source(composing: Composer, name: str) -> None:
    settings = ExperimentSettings.model_validate(composing.compose((f"experiment={name}",))["experiment"])
    assert settings.published
    for figure in settings.published:
        assert figure.mark is not None, figure.what
        assert figure.source
