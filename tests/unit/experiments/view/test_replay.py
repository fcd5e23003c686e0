"""A replay comes from a results folder alone, and says what is missing in one that cannot be played."""

import re
import shutil
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from galleria.experiments.results import load
from galleria.experiments.scripting import sweep
from galleria.experiments.view.recording import read_recording, settings_of_run
from galleria.experiments.view.replay import page_of_runs
from galleria.models.errors import UsageError
from tests.market_worlds import BUSY_TOY


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results") / "two"
    sweep([*BUSY_TOY, "run.record=true", "run.tables=all", "drivers.pool=20,60", "hydra/launcher=basic"], place)
    return place


def test_the_command_writes_one_file_that_plays_both_points(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(folder), "--point", "0", "--against", "1", "--no-browser"]) == 0
    target = folder / "replay.html"
    assert str(target) in capsys.readouterr().out
    page = target.read_text(encoding="utf-8")
    assert "drivers.pool=20" in page
    assert "drivers.pool=60" in page
    assert re.findall(r"(?:src|href)=\"(?!data:)", page) == []


def test_the_settings_of_the_point_are_read(folder: Path) -> None:
    recording = read_recording(folder, 1)
    assert recording.title == "drivers.pool=60"
    assert recording.door_s == 240
    assert recording.metrics.set_index("metric")["value"]["orders_placed"] > 0
    assert set(recording.tables) >= {"events", "orders", "drivers", "retailers"}


def test_what_cannot_be_played_is_said(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="no finished run of point 7"):
        read_recording(folder, 7)
    bare = tmp_path / "bare"
    shutil.copytree(folder, bare)
    shutil.rmtree(bare / "tables" / "events")
    assert main(["replay", str(bare), "--no-browser"]) == 2
    assert "run.record=true" in capsys.readouterr().err
    assert main(["replay", str(folder), "--no-browser", "--to", str(tmp_path / "absent" / "a.html")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    recordings = [read_recording(folder, 0)]
    other = type("Other", (), {"city": type("City", (), {"key": "another"})()})()
    with pytest.raises(UsageError, match="different cities"):
        page_of_runs("x", [*recordings, other])


def test_other_kinds_are_chosen_by_the_ending(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.geojson", "a.csv"):
        assert main(["replay", str(folder), "--to", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert main(["replay", str(folder), "--to", str(tmp_path / "a.txt")]) == 2
    assert ".geojson" in capsys.readouterr().err
    assert main(["replay", str(folder), "--against", "1", "--to", str(tmp_path / "a.csv")]) == 2


def test_a_run_has_the_parameters_drawn_for_its_replication_and_its_points_factors(folder: Path) -> None:
    drawn = load(folder)
    drawn.provenance["uncertainty"] = {
        "draws": [{"drivers.door_min": 3.0}, {"drivers.door_min": 5.0, "drivers.pool": 7}]
    }
    config = settings_of_run(drawn, 1, 3)
    assert (config["drivers"]["door_min"], config["drivers"]["pool"]) == (5.0, 60)
    assert settings_of_run(drawn, 0, 0)["drivers"]["door_min"] == 3.0
