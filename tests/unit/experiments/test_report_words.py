"""Numbers and names in sentences: units, decimals, signs, levels of factors."""

import math

import pytest

from galleria.experiments.report.words import (
    MINUS,
    NARROW,
    decimals_for,
    level,
    level_in_words,
    metric_phrase,
    metric_title,
    number,
    signed,
    unit_of,
)
from galleria.models.measures import registry


@pytest.mark.parametrize(
    ("unit", "metric", "written"),
    [
        ("$/day", "welfare_usd", "$7 a day"),
        ("1/day", "orders_placed", "7 a day"),
        ("$/h", "driver_net_usd_per_online_h", "$7 per online hour"),
        ("-", "share_mall_direct", f"700{NARROW}%"),
        ("-", "driver_utilisation", f"700{NARROW}%"),
        ("-", "gini_driver_earnings", "7"),
        ("min", "delivery_min_mean", "7 min"),
        ("km/day", "vkt_km", "7 km a day"),
        ("drivers", "drivers_online_mean", "7 drivers"),
    ],
)
def test_units_are_read_as_the_model_writes_them(unit: str, metric: str, written: str) -> None:
    shape = unit_of(unit, metric)
    assert f"{shape.before}{7 * shape.scale:g}{shape.after}" == written


def test_every_measure_of_the_model_has_a_name_for_readers() -> None:
    for measure in registry():
        name = measure.name.replace("<courier>", "rival_a").replace("<channel>", "none").replace("<firm>", "rival_b")
        phrase, _ = metric_phrase(name)
        assert "_" not in phrase
        assert "_" not in metric_title(name, measure.unit)


@pytest.mark.parametrize(
    ("half_width", "mean", "decimals"),
    [(14.0, 500, 0), (1.4, 500, 1), (0.14, 500, 2), (0.0, 500, 0), (math.nan, 5.25, 2), (math.nan, 0, 0)],
)
def test_the_interval_decides_the_decimals(half_width: float, mean: float, decimals: int) -> None:
    assert decimals_for(half_width, mean) == decimals


def test_numbers_have_true_minus_signs_and_thousands() -> None:
    assert number(-12345.6, 0) == f"{MINUS}12,346"
    assert number(-0.2, 0) == "0"
    assert number(math.nan, 2) == "\N{EN DASH}"
    assert signed(12.34, 1) == "+12.3"
    assert signed(0.0, 1) == "0.0"


@pytest.mark.parametrize(
    ("value", "unit", "short", "full"),
    [
        (0.2, "share", f"20{NARROW}%", f"20{NARROW}%"),
        (240.0, "drivers", "240", "240 drivers"),
        (4.99, "$/order", "$4.99", "$4.99 per order"),
        ("cap", None, "cap", "cap"),
        (True, None, "on", "on"),
        (1500000, None, "1,500,000", "1,500,000"),
    ],
)
def test_levels_are_written_with_their_unit(value: object, unit: str | None, short: str, full: str) -> None:
    assert level(value, unit) == short
    assert level_in_words(value, unit) == full
