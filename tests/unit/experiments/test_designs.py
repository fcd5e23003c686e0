"""Designs give the points one would write down by hand, and say what they lack."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from galleria.experiments.design.designs import DesignSettings, enumerate_points
from galleria.experiments.design.factors import FactorSettings, Point
from galleria.models.errors import UsageError

POOL = FactorSettings(values=(100, 200))
SHARE = FactorSettings(values=(0.2, 0.8))
BASE: dict[str, bool | int | float | str | None] = {"pool": 100, "share": 0.5}


def points(kind: str, /, *, pool: FactorSettings = POOL, share: FactorSettings = SHARE, **more: object) -> list[Point]:
    settings = DesignSettings.model_validate({"kind": kind, "factors": {}, "baseline": None, **more})
    return enumerate_points(settings, {"pool": pool, "share": share}, BASE)


def test_factorial_combines_all_and_the_last_factor_varies_fastest() -> None:
    assert [tuple(p.values()) for p in points("factorial")] == [(100, 0.2), (100, 0.8), (200, 0.2), (200, 0.8)]


def test_zip_takes_values_side_by_side() -> None:
    assert [tuple(p.values()) for p in points("zip")] == [(100, 0.2), (200, 0.8)]


def test_zip_needs_lists_of_one_length() -> None:
    with pytest.raises(UsageError, match="pool has 3, share has 2"):
        points("zip", pool=FactorSettings(values=(1, 2, 3)))


def test_one_at_a_time_starts_from_the_base_and_repeats_it_never() -> None:
    assert [tuple(p.values()) for p in points("one_at_a_time")] == [(100, 0.5), (200, 0.5), (100, 0.2), (100, 0.8)]


def test_a_table_gives_its_rows_and_the_base_for_columns_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("share,policy\n0.1,none\n0.9,commission_cap\n", encoding="utf-8")
    assert points("table", file=str(file)) == [
        {"pool": 100, "share": 0.1, "policy": "none"},
        {"pool": 100, "share": 0.9, "policy": "commission_cap"},
    ]


@pytest.mark.parametrize(
    ("content", "told"), [("", "has no rows"), ("a,b\n1\n", "line 2"), ("a\n1,2\n", "line 2"), (None, "No such file")]
)
def test_a_broken_table_is_told(tmp_path: Path, content: str | None, told: str) -> None:
    file = tmp_path / "points.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        points("table", file=str(file))


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_spread_designs_fill_each_factor_evenly(kind: str) -> None:
    ranges = {"pool": FactorSettings(low=10, high=1000, scale="log"), "share": FactorSettings(low=0, high=1)}
    settings = DesignSettings(kind=kind, factors={}, baseline=None, points=64, seed=1)
    spread = enumerate_points(settings, ranges, BASE)
    pool = np.log10(np.array([float(str(p["pool"])) for p in spread])) - 1
    share = np.array([float(str(p["share"])) for p in spread])
    for column in (pool / 2, share):
        assert np.histogram(column, bins=8, range=(0, 1))[0].tolist() == [8] * 8
    assert spread == enumerate_points(settings, ranges, BASE)


def test_spread_designs_draw_listed_values_equally_often() -> None:
    drawn = [point["pool"] for point in points("sobol", points=16, seed=3)]
    assert drawn.count(100) == drawn.count(200) == 8


def test_a_sobol_design_needs_a_power_of_two() -> None:
    with pytest.raises(UsageError, match="take 64 or 128"):
        points("sobol", points=100, seed=1)


def test_an_unknown_design_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="must be one of calibrate, decompose, factorial, lhs"):
        points("factorail")


@pytest.mark.parametrize(
    "wrong",
    [{"low": 1}, {"low": 2, "high": 1}, {"low": 0, "high": 1, "scale": "log"}, {"values": [1], "low": 0, "high": 1}],
)
def test_a_factor_has_values_or_a_range(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FactorSettings.model_validate(wrong)


def test_an_integer_factor_rounds() -> None:
    assert FactorSettings(low=0, high=10, integer=True).at(0.26) == 3
