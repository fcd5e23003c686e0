"""What drivers do is read from the log alone, and agrees with the clocks that the market keeps itself."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.view.spans import AT_DOOR, AT_STORE, MOVING, TO_DOOR, TO_STORE, WAITING, Span, spans_of
from tests.market_worlds import BUSY_TOY, run_of

CLOCKS = {
    WAITING: "idle_s",
    TO_STORE: "to_pickup_s",
    AT_STORE: "at_store_s",
    TO_DOOR: "to_door_s",
    AT_DOOR: "at_door_s",
    MOVING: "relocate_s",
}


def log_of(*rows: tuple[float, str, int, int]) -> pd.DataFrame:
    """Write a log of driver 7 for one courier: time, event, order, place."""
    frame = pd.DataFrame(rows, columns=["time_s", "event", "order", "place"])
    courier = pd.Series(["a"] * len(frame)).where(frame["order"] >= 0)
    return frame.assign(driver=7, courier=pd.Categorical(courier, categories=["a"]))


def test_a_trip_with_two_parcels_of_which_one_joins_on_the_way() -> None:
    log = log_of(
        (0, "logged_on", -1, 3),
        (100, "accepted", 0, 3),
        (200, "accepted", 1, 5),
        (300, "arrived", 0, 5),
        (300, "arrived", 1, 5),
        (400, "picked_up", 0, 5),
        (400, "picked_up", 1, 5),
        (1000, "delivered", 1, 8),
        (1500, "delivered", 0, 9),
        (2000, "logged_off", -1, 9),
    )
    assert spans_of(log, door_s=240) == [
        Span(7, 0, 100, WAITING, 3, 3, -1, -1),
        Span(7, 100, 300, TO_STORE, 3, 5, 0, 0),
        Span(7, 300, 400, AT_STORE, 5, 5, 0, 0),
        Span(7, 400, 760, TO_DOOR, 5, 8, 1, 0),
        Span(7, 760, 1000, AT_DOOR, 8, 8, 1, 0),
        Span(7, 1000, 1260, TO_DOOR, 8, 9, 0, 0),
        Span(7, 1260, 1500, AT_DOOR, 9, 9, 0, 0),
        Span(7, 1500, 2000, WAITING, 9, 9, -1, -1),
    ]


def test_a_way_to_another_zone_and_a_second_shift() -> None:
    log = log_of(
        (0, "logged_on", -1, 1),
        (50, "moving", -1, 1),
        (90, "moved", -1, 2),
        (100, "logged_off", -1, 2),
        (500, "logged_on", -1, 1),
        (600, "logged_off", -1, 1),
    )
    kinds = [(span.from_s, span.to_s, span.state, span.place) for span in spans_of(log, 240)]
    assert kinds == [(0, 50, WAITING, 1), (50, 90, MOVING, 2), (90, 100, WAITING, 2), (500, 600, WAITING, 1)]


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ("drivers.relocation.theta_per_usd=0.5",),
        ("meals=us_2024", "drivers.pool=200"),
        ("dispatch=lap_bundled", "drivers.pool=12"),
    ],
    ids=["as it is", "moving", "meals", "bundles"],
)
def test_hours_are_those_of_the_drivers_own_clocks(overrides: tuple[str, ...]) -> None:
    market, outcome = run_of("run.record=true", "run.tables=all", *BUSY_TOY, *overrides)
    goods = outcome.tables["events"]
    events = goods
    if "meal_events" in outcome.tables:
        meals = outcome.tables["meal_events"]
        events = pd.concat([goods, meals.assign(order=meals["order"] + 10**6)]).sort_values("time_s", kind="stable")
        names = pd.Index(market.settings.couriers)
        events = events.assign(courier=pd.Categorical(events["courier"], categories=names))
    spans = spans_of(events, market.settings.drivers.door_min * 60)
    drivers = outcome.tables["drivers"]
    found = np.zeros((len(drivers), len(CLOCKS)))
    for span in spans:
        found[span.driver, span.state] += span.to_s - span.from_s
    expected = drivers[list(CLOCKS.values())].to_numpy()
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_nobody_is_in_two_places_and_no_gap_is_left_within_a_shift() -> None:
    market, outcome = run_of("run.record=true", *BUSY_TOY)
    spans = spans_of(outcome.tables["events"], market.settings.drivers.door_min * 60)
    begins = len({span.driver for span in spans})
    for before, after in pairwise(spans):
        assert after.to_s > after.from_s
        if before.driver != after.driver:
            continue
        if before.to_s == after.from_s:
            assert market.world.city.distance.at(before.place, after.origin) == 0
        else:
            assert before.to_s < after.from_s
            begins += 1
    assert begins == outcome.tables["events"]["event"].eq("logged_on").sum()
