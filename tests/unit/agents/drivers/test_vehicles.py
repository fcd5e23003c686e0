"""What drivers go by: times, costs, loads and ranges of the day (model 7.4)."""

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.vehicles import Vehicles, draw_vehicles
from galleria.agents.fleets.departures import Departures
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.roads import Roads, arrival_s
from galleria.models.errors import UsageError
from tests.market_worlds import BUSY_TOY, run_of, settings_of

E_BIKE: dict[str, Any] = {
    "share": 0.4,
    "time_factor": 1.0,
    "fastest_km_per_h": 20.0,
    "range_km": 80.0,
    "parcels": 2,
    "cost_usd_per_km": 0.05,
    "co2_kg_per_km": 0.01,
    "kwh_per_km": 0.02,
    "road_space": 0.2,
}
CAR_AGAIN = E_BIKE | {
    "share": 0.5,
    "fastest_km_per_h": None,
    "range_km": None,
    "parcels": None,
    "cost_usd_per_km": 0.19,
    "co2_kg_per_km": 0.25,
    "kwh_per_km": 0.0,
    "road_space": 1.0,
}
BUNDLES = (*BUSY_TOY, "city.households=2000", "dispatch=lap_bundled", "drivers.pool=30", "drivers.at_rest.days=0")
"""A town whose couriers bundle, with few drivers."""


def drivers_with(**vehicles: dict[str, Any]) -> DriverSettings:
    settings = settings_of(*BUNDLES).drivers
    return DriverSettings.model_validate({**settings.model_dump(), "vehicles": vehicles})


def given(**vehicles: dict[str, Any]) -> str:
    """Write vehicles as an override."""
    named = (
        f"{name}: {{{', '.join(f'{key}: {_text(value)}' for key, value in each.items())}}}"
        for name, each in vehicles.items()
    )
    return f"drivers.vehicles={{{', '.join(named)}}}"


def _text(value: object) -> str:
    return "null" if value is None else str(value)


@lru_cache
def tables(vehicles: str = "") -> tuple[dict[str, pd.DataFrame], dict[str, float]]:
    _, outcome = run_of(*BUNDLES, *([vehicles] if vehicles else []))
    values = outcome.metrics.set_index("metric")["value"]
    return outcome.tables, {str(name): float(value) for name, value in values.items()}


def line() -> Roads:
    """Return two places 10 km and 10 minutes apart, in streets that are half as fast in the second hour."""
    away = np.array([[0, 10], [10, 0]], np.uint16)
    return Roads(away, 60.0, away, 1.0, np.array([0.0, 3600.0, 5400.0, 9000.0, 12600.0]))


def test_a_bicycle_is_as_slow_as_itself_and_no_faster_than_the_traffic() -> None:
    """At 20 km/h 10 km take half an hour, whatever cars do; at 40 km/h cars are slower in the slow hour."""
    for fastest_km_per_h, now_s, took_s in ((20.0, 0.0, 1800.0), (20.0, HOUR_S, 1800.0), (40.0, HOUR_S, 1200.0)):
        bike = E_BIKE | {"fastest_km_per_h": fastest_km_per_h}
        roads = Vehicles.of(drivers_with(e_bike=bike), line()).roads[1]
        assert arrival_s(roads, 0, 1, now_s) - now_s == pytest.approx(took_s)
        assert roads.drive_s(np.array(0), np.array(1), np.array(now_s)) == pytest.approx(took_s)


def test_customers_expect_the_mean_drive() -> None:
    vehicles = Vehicles.of(drivers_with(e_bike=E_BIKE), line())
    drive_s = vehicles.mixed.drive_s(np.array([0]), np.array([1]), np.array([0.0]))
    assert drive_s == pytest.approx(0.6 * 600 + 0.4 * 1800)


def test_a_larger_share_takes_from_cars_alone() -> None:
    uniform = np.random.default_rng(1).random(2000)
    few = draw_vehicles(drivers_with(e_bike=E_BIKE, moped=E_BIKE | {"share": 0.1}), uniform)
    more = draw_vehicles(drivers_with(e_bike=E_BIKE, moped=E_BIKE | {"share": 0.6}), uniform)
    assert np.bincount(few) / 2000 == pytest.approx([0.5, 0.4, 0.1], abs=0.03)
    assert (more[few > 0] == few[few > 0]).all()
    assert (more > 0).all()


def test_trips_of_several_vehicles_are_those_of_each_alone() -> None:
    """A car and a bicycle leave with two orders and one."""
    market, _ = run_of(*BUNDLES)
    world = market.world
    vehicles = Vehicles.of(drivers_with(e_bike=E_BIKE), world.roads)
    commons = world.couriers[0].fleet.commons  # type: ignore[attr-defined]  # a gig courier's
    first, member, arrived_s = np.array([0, 2, 3]), np.array([0, 1, 2]), np.array([4e4, 4e4])
    both = vehicles.courses(np.array([1, 0]), commons.stops, commons.jobs, first, member, arrived_s)
    for kind, trip, doors in ((1, 0, slice(0, 2)), (0, 1, slice(2, 3))):
        alone = vehicles.courses(
            np.array([kind]),
            commons.stops,
            commons.jobs,
            np.array([0, doors.stop - doors.start]),
            member[doors],
            arrived_s[:1],
        )
        assert both.end_s[trip] == alone.end_s[0]
        assert both.loaded_km[trip] == alone.loaded_km[0]
        assert (both.delivered_s[doors] == alone.delivered_s).all()


def test_a_vehicle_that_is_a_car_changes_nothing() -> None:
    """Half of the drivers have a car by another name: every order is as it was, but who is a candidate of many."""
    before, measured = tables()
    after, again = tables(given(other=CAR_AGAIN))
    pd.testing.assert_frame_equal(before["orders"], after["orders"])
    pd.testing.assert_frame_equal(before["drivers"], after["drivers"].drop(columns="vehicle"))
    assert {name: again[name] for name in measured} == pytest.approx(measured, rel=1e-9, nan_ok=True)


def test_bicycles_are_slower_cheaper_and_never_overloaded() -> None:
    (before, measured), (after, again) = tables(), tables(given(e_bike=E_BIKE | {"share": 1.0}))
    assert before["orders"]["bundle"].max() > 2 >= after["orders"]["bundle"].max()
    assert again["delivery_min_mean"] > measured["delivery_min_mean"]
    driven = after["drivers"][["pickup_km", "loaded_km", "relocate_km"]].to_numpy().sum()
    assert again["gig_e_bike_km"] == pytest.approx(driven)
    assert again["gig_car_km"] == 0
    assert again["gig_electricity_kwh"] == pytest.approx(0.02 * driven)
    own_km = again["vkt_own_trip_km"]
    assert again["co2_kg"] == pytest.approx(0.01 * driven + 0.25 * own_km + 0.45 * again["vkt_van_km"])


def test_nobody_drives_beyond_the_range_of_the_day() -> None:
    after, _ = tables(given(e_bike=E_BIKE | {"range_km": 12.0}))
    drivers = after["drivers"]
    driven = drivers[["pickup_km", "loaded_km", "relocate_km"]].sum(axis=1)
    assert driven[drivers["vehicle"] == "e_bike"].max() <= 12 < driven[drivers["vehicle"] == "car"].max()


@pytest.mark.parametrize(
    ("vehicles", "others", "said"),
    [
        ({"a": CAR_AGAIN, "b": CAR_AGAIN | {"share": 0.6}}, (), "add up to 1.1"),
        ({"car": CAR_AGAIN}, (), "those who have none"),
        ({"a": CAR_AGAIN}, ("policy=ev_mandate",), "electric_car.share"),
        ({"a": CAR_AGAIN}, ("traffic=congested",), "traffic=hourly"),
    ],
)
def test_what_cannot_be_is_refused(vehicles: dict[str, Any], others: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings_of(*BUNDLES, *others, given(**vehicles))


def test_the_first_door_of_a_bundle_adds_nothing_to_its_own_way() -> None:
    """Couriers learn from a bicycle's bundle what other doors add, not that a bicycle is slower than a car."""
    market, _ = run_of(*BUNDLES, given(e_bike=E_BIKE | {"share": 1.0}))
    commons = market.world.couriers[0].fleet.commons  # type: ignore[attr-defined]  # a gig courier's
    orders = commons.orders
    trip = orders.trip[: orders.count]
    trips, count = np.unique(trip[trip >= 0], return_counts=True)
    rows = np.flatnonzero(trip == trips[count > 1][0])
    rows = rows[np.argsort(orders.delivered_s[rows])]
    departures = Departures(commons)
    departures.note(rows)
    first, *others = sorted(departures.until(np.inf), key=lambda each: float(orders.delivered_s[each.row]))
    assert first.took_s == pytest.approx(orders.picked_s[rows[0]] - orders.placed_s[rows[0]])
    assert all(each.took_s > orders.picked_s[each.row] - orders.placed_s[each.row] for each in others)
