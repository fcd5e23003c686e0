"""The report of a calibration: what was fitted, what is doubtful, and the pictures."""

import json
from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.report import build_report, findings
from galleria.experiments.results import load
from tests.synthetic_results import POOL, Design, write_results

PARAMETERS = pd.DataFrame(
    [
        {"key": POOL, "start": 250, "low": 60, "high": 400, "fitted": 180, "se": 20, "ci_low": 141, "ci_high": 219},
        {"key": "a.b", "start": 1, "low": 0, "high": 2, "fitted": 2, "se": None, "ci_low": 0, "ci_high": 2},
    ]
).assign(at_end=[False, True])
MOMENTS = pd.DataFrame(
    [
        {"measure": "welfare_usd", "target": 100, "se": 5, "simulated": 104, "simulated_se": 1, "off_in_se": 0.8},
        {"measure": "occasions", "target": 10, "se": 1, "simulated": 14, "simulated_se": 0.1, "off_in_se": 4.0},
        {"measure": "vkt_km", "target": 10, "se": 1, "simulated": 10, "simulated_se": 0.1, "off_in_se": 0.0},
    ]
).assign(weight=1.0, source=["own books", "", ""])
IDENTIFICATION = pd.DataFrame(
    [
        {"measure": measure, "key": key, "slope": 1.0, "slope_in_se": 2.0, "influence": 0.5}
        for measure in MOMENTS["measure"]
        for key in PARAMETERS["key"]
    ]
)
SUMMARY = {"p_value": 0.004, "condition": 900.0, "blind": True, "keys": [POOL, "a.b"], "weakest": [0.1, -0.99]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the results of a calibration."""
    pools = (60.0, 150.0, 180.0, 300.0, 400.0)
    design = Design(
        points=[{POOL: pool} for pool in pools],
        labels={POOL: "Driver pool"},
        units={POOL: "drivers"},
        replications=3,
        tables=(),
        record={"kind": "calibrate"},
    )
    write_results(tmp_path, design)
    path = tmp_path / "provenance.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "calibration": {"ended": "yes"}}), "utf-8")
    place = tmp_path / "calibration"
    place.mkdir()
    for name, table in {"parameters": PARAMETERS, "moments": MOMENTS, "identification": IDENTIFICATION}.items():
        table.to_csv(place / f"{name}.csv", index=False)
    (place / "summary.json").write_text(json.dumps(SUMMARY), encoding="utf-8")
    return tmp_path


def test_findings_are_the_fitted_values_and_what_is_doubtful(folder: Path) -> None:
    found = findings(load(folder))
    assert found[0] == f"The calibration: {POOL} = 180 [141, 219]."
    assert "2 of 3 moments lie within two standard errors" in found[2]
    assert "farthest is occasions: 14, seen 10" in found[2]
    assert "with probability 0.004" in found[2]
    assert "at an end of its range: a.b" in found[3]
    assert found[4].startswith("The calibration: these moments hardly tell a.b:")


def test_the_page_has_both_tables_and_both_pictures(folder: Path) -> None:
    page = build_report(folder).read_text(encoding="utf-8")
    assert "own books" in page
    assert "not told" in page  # the standard error of a.b
    for name in ("moments", "influence"):
        assert (folder / "report" / "figures" / f"{name}.png").is_file()
    assert len(list((folder / "report" / "figures").glob("*.png"))) == 2


def test_a_calibration_that_is_not_at_its_end_says_so(folder: Path) -> None:
    (folder / "calibration" / "summary.json").unlink()
    assert findings(load(folder)) == ["The calibration: the calibration is not at its end."]
    assert build_report(folder).is_file()
