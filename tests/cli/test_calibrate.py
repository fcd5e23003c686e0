"""Calibrations of the stand-in: what they find, and that they go on where they were killed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.results import load

Program = Callable[..., subprocess.CompletedProcess[str]]
Fingerprints = Callable[[Path], dict[str, str]]

# The stand-in at (0.8, 1.1) gives y = sin(0.8) + 7 sin(1.1)^2 = 6.277; y_squared tells its square.
ASKED = (
    "-m",
    "design=calibrate",
    "design.moments={y: {value: 6.277, se: 0.05}}",
    "x.two=interval(0,1.5)",
    "x.one=0.8",
    "noise_sd=0.05",
    "run.replications=2",
    "design.points=4",
    "design.rounds=1",
    "design.batch=2",
    "hydra/launcher=basic",
)
FILES = ("fitted.yaml", "posterior.csv", "parameters.csv", "moments.csv", "identification.csv", "summary.json")


@pytest.fixture
def whole(standin_program: Program, tmp_path: Path) -> Path:
    folder = tmp_path / "whole"
    done = standin_program(*ASKED, f"run.output={folder}")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_planted_parameter_comes_back(whole: Path) -> None:
    (row,) = pd.read_csv(whole / "calibration" / "parameters.csv").to_dict("records")
    assert row["ci_low"] < 1.1 < row["ci_high"]
    assert load(whole).provenance["calibration"]["ended"]
    fitted = (whole / "calibration" / "fitted.yaml").read_text(encoding="utf-8")
    assert "one: 0.8" in fitted
    assert f"two: {row['fitted']}" in fitted
    assert "replications:" not in fitted


@pytest.mark.parametrize("after", [10, 17])
def test_a_killed_calibration_goes_on_to_the_same_bytes(
    after: int, whole: Path, standin_program: Program, tmp_path: Path, fingerprints: Fingerprints
) -> None:
    folder = tmp_path / "killed"
    env = {"STANDIN_KILL": str(tmp_path / f"victim{after}"), "STANDIN_KILL_AFTER": str(after)}
    killed = standin_program(*ASKED, f"run.output={folder}", env=env)
    assert killed.returncode == -9
    assert not (folder / "calibration").exists()
    again = standin_program(*ASKED, f"run.output={folder}", env=env)
    assert again.returncode == 0, again.stderr
    assert fingerprints(folder) == fingerprints(whole)
    for name in FILES:
        assert (folder / "calibration" / name).read_bytes() == (whole / "calibration" / name).read_bytes()
