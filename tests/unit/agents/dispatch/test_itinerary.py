"""Courses of trips on the toy's nine corners, counted by hand."""

import numpy as np
import pytest

from galleria.agents.dispatch.itinerary import approaches, courses
from galleria.agents.dispatch.trips import Jobs, Stops
from galleria.agents.kernel.roads import Roads
from galleria.models.traffic.hourly import roads_of
from tests.market_worlds import city_of, settings_of

STOPS = Stops(before_pickup_s=0.0, after_pickup_s=360.0, extra_parcel_s=60.0, door_s=240.0, leave_door_s=0.0)


@pytest.fixture(scope="module")
def roads() -> Roads:
    settings = settings_of("city=toy", "traffic=free_flow")
    return roads_of(city_of(settings.city), settings.traffic, 2)


def test_a_trip_waits_for_the_parcel_but_not_for_one_that_is_ready(roads: Roads) -> None:
    jobs = Jobs(np.array([4, 4]), np.array([7, 7]), np.array([500.0, 0.0]), np.full(2, np.inf))
    arrived_s, km = approaches(roads, np.array([1, 1]), jobs.origin, 100.0)
    course = courses(roads, STOPS, jobs, np.arange(3), np.arange(2), arrived_s)
    assert arrived_s.tolist() == [160, 160]
    assert km.tolist() == [roads.km(np.array(1), np.array(4))] * 2
    assert course.picked_s.tolist() == [860, 520]
    assert course.delivered_s.tolist() == course.end_s.tolist() == [1160, 820]
    assert course.to_door_s.tolist() == [60, 60]
    assert course.at_door_s.tolist() == [240, 240]


def test_a_bundle_waits_for_its_last_parcel_and_goes_from_door_to_door(roads: Roads) -> None:
    """From the middle one block of the cross up, through the middle down, one block of the ring to the corner."""
    jobs = Jobs(np.full(3, 4), np.array([1, 7, 8]), np.array([500.0, 0.0, 900.0]), np.full(3, np.inf))
    course = courses(roads, STOPS, jobs, np.array([0, 3]), np.arange(3), np.array([160.0]))
    assert course.picked_s.tolist() == [900 + 360 + 2 * 60]
    assert course.delivered_s.tolist() == [1380 + 300, 1680 + 360, 2040 + 360]
    assert course.leg_km.tolist() == pytest.approx([1, 2, 1])
    assert course.to_door_s.tolist() == [60 + 120 + 120]
    assert course.at_door_s.tolist() == [3 * 240]
    assert course.loaded_km.tolist() == pytest.approx([4])
