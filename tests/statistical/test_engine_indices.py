"""Sobol indices of the Ishigami function, through plan, sweep, collection and analysis (issue: within 0.03)."""

import math
from pathlib import Path

import numpy as np
import pytest
import standin

from galleria.experiments.results import load
from galleria.experiments.run import main
from galleria.experiments.statistics import Cube
from galleria.experiments.statistics.sensitivity import sobol

A, B = 7.0, 0.1
VARIANCE = A**2 / 8 + B * math.pi**4 / 5 + B**2 * math.pi**8 / 18 + 0.5
FIRST = np.array([0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8, 0.0]) / VARIANCE
TOTAL = FIRST + np.array([1.0, 0.0, 1.0]) * (8 * B**2 * math.pi**8 / 225) / VARIANCE
"""Ishigami and Homma 1990."""


def test_sobol_indices_of_the_ishigami_function(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ranges = [f"x.{name}=interval({-math.pi},{math.pi})" for name in ("one", "two", "three")]
    size = ["design=sobol_indices", "design.points=1024", "run.replications=1"]
    arguments = ["-m", *size, *ranges, "hydra/launcher=basic", f"run.output={tmp_path / 'results'}"]
    assert main(arguments, model=standin.StandIn(), source=standin.SOURCE) == 0
    assert "5120 runs done, 0 failed" in capsys.readouterr().out

    results = load(tmp_path / "results")
    cube = Cube.of_frames(results.metrics, results.plan)
    rows = [cube.row(point) for point in results.provenance["design"]["rows"]]
    indices = sobol(cube.of("y")[rows], factors=3, seed=1).frame.set_index(["index", "factor"])
    for name, exact in (("S1", FIRST), ("ST", TOTAL)):
        found = indices.loc[name].sort_index()
        np.testing.assert_allclose(found["value"], exact, atol=0.03)
        assert (found["low"] <= exact + 0.01).all()
        assert (found["high"] >= exact - 0.01).all()
