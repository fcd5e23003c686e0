"""CO2 by speed against the published curve, a flat curve, and a market whose speeds are known."""

import numpy as np
import pandas as pd
import pytest

from galleria.models.measures import measure_all
from galleria.models.measures.speeds import km_per_h_by_hour, mean_car_factor, mean_van_factor
from galleria.models.traffic.emissions import co2_factor
from tests.market_worlds import BUSY_TOY, run_of, settings_of


def test_a_kilometre_emits_what_the_curve_says() -> None:
    """With the constant of its source, 7.6135, the curve is 371 g a mile at 25 mph and 1,110 at 5, and ends at 70."""
    emissions = settings_of("city=toy", "traffic=by_speed").traffic.emissions
    assert emissions is not None
    mph = np.array([1.0, 5.0, 25.0, 60.0, 70.0, 200.0])
    gram = np.array([1113.8, 1110.5, 371.25, 332.0, 352.7, 353.5])
    found = co2_factor(emissions, mph * 1.609344)
    assert found / found[2] == pytest.approx(gram / gram[2], rel=1e-3)
    assert co2_factor(emissions, np.array([emissions.average_km_per_h])) == pytest.approx([1.0])


def test_only_emissions_follow_speed_and_a_flat_curve_is_none() -> None:
    market, outcome = run_of(*BUSY_TOY)
    evidence, plain = market.evidence(), _values(outcome.metrics)
    by_speed = settings_of(*BUSY_TOY, "traffic=by_speed")
    emissions = by_speed.traffic.emissions
    assert emissions is not None

    object.__setattr__(evidence, "settings", by_speed)
    found = _values(measure_all(evidence))
    changed = {name for name, value in found.items() if name not in plain or not _same(value, plain[name])}
    assert changed == {"co2_kg", "external_cost_usd", "nox_car_kg", "nox_van_kg", *(changed & {"welfare_usd"})}
    speeds, km = km_per_h_by_hour(evidence), evidence.car_km_by_hour
    assert mean_car_factor(evidence) == pytest.approx(co2_factor(emissions, speeds) @ km / km.sum())
    assert mean_van_factor(evidence) == pytest.approx(float(co2_factor(emissions, np.array([32.0]))[0]))
    assert found["nox_van_kg"] == pytest.approx(found["vkt_van_km"] * emissions.van_nox_g_per_km / 1000)

    flat = emissions.model_copy(update={"log_co2_of_mph": (0.0, 0.0, 0.0, 0.0)})
    traffic = by_speed.traffic.model_copy(update={"emissions": flat})
    object.__setattr__(evidence, "settings", by_speed.model_copy(update={"traffic": traffic}))
    assert _values(measure_all(evidence))["co2_kg"] == pytest.approx(plain["co2_kg"])


def _values(metrics: pd.DataFrame) -> dict[str, float]:
    return dict(zip(metrics["metric"], metrics["value"], strict=True))


def _same(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other))
