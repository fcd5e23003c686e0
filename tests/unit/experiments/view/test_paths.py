"""Ways are those of the travel tables, drawn by few points that keep to the roads and to their pace."""

import numpy as np
import pytest

from galleria.experiments.view.paths import Paths
from galleria.models.city import City
from tests.market_worlds import city_of, settings_of


@pytest.fixture(scope="module")
def city() -> City:
    return city_of(settings_of("city=sunbelt").city)


def test_ways_begin_and_end_where_asked_and_are_as_long_as_the_tables_say(city: City) -> None:
    rng = np.random.default_rng(1)
    pairs = [(int(a), int(b)) for a, b in rng.integers(city.places.n, size=(60, 2)) if a != b]
    ways = Paths(city).between(pairs)
    assert list(ways) == list(dict.fromkeys(pairs))
    for (origin, goal), points in ways.items():
        for place, end in ((origin, points[0]), (goal, points[-1])):
            here = [city.places.x_km[place] * 1000, city.places.y_km[place] * 1000]
            np.testing.assert_allclose(end[:2], here)
        assert points[0, 2] == 0
        assert points[-1, 2] == pytest.approx(1)
        assert (np.diff(points[:, 2]) > 0).all()
        metres = np.hypot(*np.diff(points[:, :2], axis=0).T).sum()
        table = city.distance.at(origin, goal) * 1000
        assert 0.85 * table - 60 < metres <= table + 5


def test_a_way_asked_for_again_is_the_same(city: City) -> None:
    paths = Paths(city)
    first = paths.between([(0, 5), (5, 0), (7, 0)])
    assert all(again is first[way] for way, again in paths.between(list(first)).items())


def test_nothing_is_asked_and_nothing_is_given(city: City) -> None:
    assert Paths(city).between([]) == {}
