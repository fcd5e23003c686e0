"""Driving times that cross hours, counted by hand, and the profile of a day."""

import numpy as np
import pytest

from galleria.agents.kernel.roads import Roads, arrival_s
from galleria.models.traffic.hourly import roads_of
from tests.market_worlds import city_of, settings_of

HALF = "traffic.speed_factor=[" + ",".join("0.5" if hour == 1 else "1" for hour in range(24)) + "]"


@pytest.fixture(scope="module")
def roads() -> Roads:
    settings = settings_of("city=toy", HALF)
    return roads_of(city_of(settings.city), settings.traffic, 2)


def test_a_drive_into_a_slow_hour_takes_the_rest_at_half_the_speed(roads: Roads) -> None:
    """Corner to corner takes 360 s; after 100 s the slow hour begins and the other 260 s take 520 s."""
    assert arrival_s(roads, 0, 8, 3500.0) == pytest.approx(3500 + 100 + 520)
    assert roads.drive_s(np.array([0]), np.array([8]), np.array([3500.0]))[0] == pytest.approx(620)


def test_a_drive_out_of_a_slow_hour_speeds_up(roads: Roads) -> None:
    assert arrival_s(roads, 0, 8, 7000.0) == pytest.approx(7200 + 260)
    assert arrival_s(roads, 0, 8, 86_400 + 7000.0) == pytest.approx(86_400 + 7200 + 260)


def test_staying_takes_no_time(roads: Roads) -> None:
    assert arrival_s(roads, 4, 4, 5000.0) == 5000
    assert roads.km(np.array([4]), np.array([4]))[0] == 0
