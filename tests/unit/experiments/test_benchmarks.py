"""What is measured of speed: shares that add up, exponents, verdicts; no test says how many seconds anything takes."""

import json
from pathlib import Path

import pytest

from galleria.experiments.benchmarks.growth import exponent
from galleria.experiments.benchmarks.markets import Timed, timed
from galleria.experiments.benchmarks.parts import rooms_of
from galleria.experiments.benchmarks.rows import Row
from galleria.experiments.report.performance_page import main, page


def test_the_exponent_is_the_slope_of_the_logarithms() -> None:
    points = [Timed(0.0, 3e-6 * orders**1.3, orders) for orders in (1e3, 1e4, 1e6)]
    assert exponent(points) == pytest.approx(1.3)


def test_gig_orders_are_counted_and_the_opening_is_not() -> None:
    run = timed(["city=toy", "city.households=200"])
    assert run.orders > 0
    assert run.opening_s > 0
    assert run.rate == run.orders / run.run_s


def test_a_library_works_for_those_who_call_it() -> None:
    ours, theirs, below = ("/x/galleria/models/demand/day.py", 1, "a"), ("/lib/numpy/core.py", 2, "b"), ("~", 0, "c")
    other = ("/x/galleria/agents/dispatch/rule.py", 3, "d")
    stats = {
        ours: (1, 1, 1.0, 4.0, {}),
        other: (1, 1, 2.0, 3.0, {}),
        theirs: (2, 2, 0.0, 4.0, {ours: (1, 1, 0.0, 3.0), other: (1, 1, 0.0, 1.0)}),
        below: (1, 1, 4.0, 4.0, {theirs: (1, 1, 4.0, 4.0), below: (1, 1, 0.0, 0.0)}),
    }
    shares = rooms_of(stats)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["models/demand"] == pytest.approx((1 + 3) / 7)
    assert shares["agents/dispatch"] == pytest.approx((2 + 1) / 7)


def test_targets_are_met_or_missed_by_a_factor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        Row("growth", "lap: gig orders of a day of 1,000", 500.0, "orders/s", least=1000, orders=1000.0),
        Row("growth", "lap: gig orders of a day of 2,000", 400.0, "orders/s", orders=2000.0),
        Row("start", "galleria --help", 0.05, "s by the clock", most=0.1),
    ]
    assert [row.verdict for row in rows] == ["missed by a factor of 2.0", "", "met"]
    written = page([row.as_json() for row in rows])
    assert "of a day of 1,000 | 500 orders/s | at least 1,000 | missed by a factor of 2.0 |" in written
    file, picture = tmp_path / "bench.json", tmp_path / "growth.svg"
    file.write_text(json.dumps([row.as_json() for row in rows]), encoding="utf-8")
    assert main([str(file), "--picture", str(picture)]) == 0
    assert capsys.readouterr().out == written + "\n"
    assert picture.read_text(encoding="utf-8").lstrip().startswith("<?xml")
