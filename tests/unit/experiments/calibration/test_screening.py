"""Draws that do not look as seen are ruled out, by the baseline point alone."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.calibration.screening import screen
from galleria.experiments.cli import main
from galleria.experiments.design.moments import MomentSettings
from galleria.experiments.results import load
from galleria.models.errors import UsageError
from tests.synthetic_results import POOL, Design, write_results

DRAWS = [{"drivers.cost_usd_per_km": round(0.1 + i / 100, 2)} for i in range(8)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "swept"
    place.mkdir()
    write_results(
        place,
        Design([{POOL: 60.0}, {POOL: 400.0}], {POOL: "Driver pool"}, {POOL: "drivers"}, replications=8, tables=()),
    )
    path = place / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "baseline_point": 0, "uncertainty": {"draws": DRAWS}}), "utf-8")
    return place


def _levels(folder: Path, metric: str) -> list[float]:
    frame = load(folder).metrics
    there = frame[(frame["point"] == 0) & (frame["metric"] == metric)].sort_values("replication")
    return [float(value) for value in there["value"]]


def test_draws_stay_whose_moments_are_near(folder: Path) -> None:
    levels = _levels(folder, "delivery_min_mean")
    middle = float(np.median(levels))
    spread = sorted(abs(level - middle) for level in levels)[3]
    moment = MomentSettings(value=middle, se=spread / 3 * 1.0001)
    found = screen(load(folder), {"delivery_min_mean": moment}, 3.0)
    near = [i for i, level in enumerate(levels) if abs(level - middle) <= 1.0001 * spread]
    assert found.tried == 8
    assert found.kept.to_dict("records") == [DRAWS[i] for i in near]
    assert 0 < len(near) < 8
    row = found.moments.iloc[0]
    assert row["ruled_out"] == 1 - len(near) / 8
    assert row["median_of_kept"] == np.median([levels[i] for i in near])


def test_every_moment_has_to_be_near_and_a_failed_run_is_not(folder: Path) -> None:
    wide = MomentSettings(value=0.0, se=1e9)
    assert len(screen(load(folder), {"delivery_min_mean": wide}, 3.0).kept) == 8
    narrow = MomentSettings(value=-1e9, se=1.0)
    assert screen(load(folder), {"delivery_min_mean": wide, "consumer_surplus_usd": narrow}, 3.0).kept.empty
    path = folder / "metrics.parquet"
    frame = pd.read_parquet(path)
    frame[~((frame["point"] == 0) & (frame["replication"] == 2))].to_parquet(path)
    found = screen(load(folder), {"delivery_min_mean": wide}, 3.0)
    assert found.tried == 8
    assert found.kept.to_dict("records") == [draw for i, draw in enumerate(DRAWS) if i != 2]


def test_what_cannot_be_screened_is_told(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"moments.delivery_min_mean: give se"):
        screen(load(folder), {"delivery_min_mean": MomentSettings(value=1.0)}, 3.0)
    with pytest.raises(UsageError, match="no measure such"):
        screen(load(folder), {"such": MomentSettings(value=1.0, se=1.0)}, 3.0)
    path = folder / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "uncertainty": None}), "utf-8")
    with pytest.raises(UsageError, match="no parameters were drawn"):
        screen(load(folder), {"delivery_min_mean": MomentSettings(value=1.0, se=1.0)}, 3.0)


def test_the_command_writes_draws_that_a_sweep_reads(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, into = tmp_path / "seen.yaml", tmp_path / "draws.csv"
    asked = "moments: {delivery_min_mean: {value: %s, se: 1.0e+6}}\nparameters: {drivers.cost_usd_per_km: [0.1, 0.4]}\n"
    file.write_text(asked % "30.0", encoding="utf-8")
    assert main(["screen", str(folder), str(file), "--into", str(into), "--most", "5"]) == 0
    assert "8 of 8 draws look as seen, 5 written to" in capsys.readouterr().out
    assert pd.read_csv(into).to_dict("records") == DRAWS[:5]
    file.write_text(asked % "-1.0e+9", encoding="utf-8")
    assert main(["screen", str(folder), str(file)]) == 1
