"""The file of a calibration: what is read of it, and how its faults are told."""

import re
from pathlib import Path

import pytest

from galleria.experiments.calibration.file import read_calibration
from galleria.experiments.cli import main
from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria
from galleria.models.errors import UsageError

SIX_LINES = """
moments:
  orders_gig: {value: 95, se: 2, source: own counts}
  driver_utilisation: 0.28
parameters:
  drivers.pool: [20, 120]
  customers.occasions_per_household_day: {low: 0.1, high: 0.5, start: 0.2, scale: log}
overrides: [city=toy, city.households=4000]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(SIX_LINES, encoding="utf-8")
    return path


def problems(path: Path, old: str, new: str) -> str:
    path.write_text(SIX_LINES.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read_calibration(path)
    return str(raised.value)


def test_the_file_asks_for_a_design(file: Path) -> None:
    asked = read_calibration(file).asked("own")
    with composer(Source(CONF)) as composing:
        request = parse(("design=calibrate", "city=toy", "city.households=4000", "run.replications=2"), composing)
        for key, value in asked.items():
            request = request.with_assignment(key, value)
        plan = plan_design(request, composing, Galleria())
    assert len(plan.points) == 17
    assert plan.points[0] == {
        "drivers.pool": 120,
        "customers.occasions_per_household_day": 0.2,
    }  # brought into its range
    assert all(isinstance(point["drivers.pool"], int) for point in plan.points)
    assert plan.design.moments["driver_utilisation"].standard_error(0.05) == pytest.approx(0.014)
    assert plan.experiment.name == "own"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("value: 95", "value: .nan", r"moments.orders_gig.value = nan: must be a finite number"),
        ("se: 2", "se: -2", r"moments.orders_gig.se = -2 is out of range \(allowed: above 0\)"),
        ("0.28", "much", "moments.driver_utilisation.value = much: must be a number"),
        ("[20, 120]", "[120, 20]", r"parameters.drivers.pool: low \(120.0\) must be below high \(20.0\)"),
        ("[20, 120]", "[20]", r"parameters.drivers.pool = list of 1: must be \[low, high\]"),
        ("start:", "begin:", "parameters.customers.occasions_per_household_day.begin: there is no such key"),
        ("overrides:", "override:", "override: there is no such key; did you mean overrides"),
        ("moments:", "moments: [", "is not valid YAML"),
        ("  orders_gig", "  driver_utilisation: 1\n  orders_gig", "is not valid YAML"),
    ],
)
def test_faults_are_told_with_their_key(file: Path, old: str, new: str, told: str) -> None:
    assert re.search(told, problems(file, old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("driver_util", "drivers_util", "there is no measure drivers_utilisation; did you mean driver_utilisation?"),
        ("drivers.pool", "drivers.pol", "drivers.pol: there is no such key; did you mean drivers.pool?"),
        ("[20, 120]", "[-40, 120]", "(allowed: at least 1"),
        ("  driver_utilisation: 0.28\n", "", "1 moments cannot tell 2 parameters apart"),
        ("0.28", "0", "a share of nothing is no standard error; give se"),
        ("overrides: [", "overrides: [run.replications=1, ", "run.replications = 1: a search needs at least 2"),
        ("overrides: [", "overrides: [drivers.pool=30, ", "a parameter needs a range with low and high"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_runs(
    file: Path, old: str, new: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(SIX_LINES.replace(old, new), encoding="utf-8")
    assert main(["calibrate", str(file), f"run.output={file.parent / 'out'}"]) == 2
    assert told in capsys.readouterr().err
    assert not (file.parent / "out").exists()
