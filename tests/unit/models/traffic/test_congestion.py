"""Congested roads: what background trips and the market's own cars do to travel times."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from omegaconf import OmegaConf
from pydantic import ValidationError

from galleria.models.city import City, build_city
from galleria.models.simulate import hourly, settle_traffic
from galleria.models.traffic.congestion import CongestionSettings, background_trips, congest, zone_nodes
from galleria.models.traffic.feedback import market_trips
from galleria.models.traffic.hourly import TrafficSettings
from tests.city_worlds import ROOT, city_settings


def traffic(**changes: Any) -> TrafficSettings:
    """Return conf/traffic/congested.yaml with changes to its congestion."""
    tree: Any = {}
    for name in ("hourly", "free_flow", "congested"):
        held = OmegaConf.to_container(OmegaConf.load(ROOT / "conf" / "traffic" / f"{name}.yaml"))
        assert isinstance(held, dict)
        tree |= {key: value for key, value in held.items() if key != "defaults"}
    tree["congestion"] |= changes
    return TrafficSettings.model_validate(tree)


def congestion(**changes: Any) -> CongestionSettings:
    found = traffic(**changes).congestion
    assert found is not None
    return found


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    settings = city_settings(
        "sunbelt",
        "city.blocks=24",
        "city.home_places=60",
        "city.zones.size_km=1.2",
        "city.freeways_north_km=[1.9]",
        "city.freeways_east_km=[]",
    )
    return build_city(settings, tmp_path_factory.mktemp("cache"))


def test_background_trips_are_matched_by_returns(city: City) -> None:
    trips = background_trips(city, congestion())
    np.testing.assert_allclose(trips, trips.T)
    assert trips.sum() == pytest.approx(4000 * city.area_km2)


def test_trips_fall_with_distance(city: City) -> None:
    zones = city.zones
    away = np.hypot(zones.x_km[:, None] - zones.x_km, zones.y_km[:, None] - zones.y_km)
    means = [np.average(away, weights=background_trips(city, congestion(decay_per_km=d))) for d in (0.01, 0.3, 1.0)]
    assert means[0] > means[1] > means[2]


def test_zone_nodes_lie_in_their_zones(city: City) -> None:
    nodes = zone_nodes(city)
    assert nodes.size == city.zones.n
    for zone, node in enumerate(nodes):
        x, y = city.zones.outline(zone)
        assert x.min() <= city.roads.node_x_km[node] <= x.max()
        assert y.min() <= city.roads.node_y_km[node] <= y.max()


def test_without_trips_roads_are_free(city: City, tmp_path: Path) -> None:
    found = congest(city, congestion(trips_per_km2=0), cache=tmp_path)
    np.testing.assert_allclose(found.speed_factor, 1.0)
    np.testing.assert_array_equal(found.city.time.values, city.time.values)


def test_more_trips_take_longer_and_peaks_longest(city: City, tmp_path: Path) -> None:
    few, many = (congest(city, congestion(trips_per_km2=n), cache=tmp_path) for n in (8000, 16000))
    assert np.all(np.array(many.delay) >= np.array(few.delay) - 1e-9)
    # periods: night, morning peak, midday, afternoon peak, evening
    assert many.delay[3] > many.delay[1] > many.delay[2] > many.delay[4] > many.delay[0]
    assert min(many.speed_factor) == many.speed_factor[16] < 1 < many.speed_factor[3]
    every = np.arange(city.places.n)
    free, slow = (c.time.at(every[:, None], every) for c in (city, many.city))
    assert (slow >= free - 0.11).all()
    assert slow.sum() > 1.01 * free.sum()


def test_the_same_traffic_comes_from_the_cache(city: City, tmp_path: Path) -> None:
    settings = congestion(trips_per_km2=8000)
    first = congest(city, settings, cache=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    second = congest(city, settings, cache=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")} == before
    assert (second.speed_factor, second.delay, second.city.key) == (first.speed_factor, first.delay, first.city.key)
    assert first.city.key != city.key


def tables(city: City, orders: int, shoppers: int) -> dict[str, pd.DataFrame]:
    """Write orders from the mall to place 0 at half past five, and shoppers of zone 0 who go to the mall."""
    mall = city.malls[0].place
    frame = pd.DataFrame(
        {"status": "delivered", "driver": 3, "picked_s": 17.5 * 3600, "origin": mall, "destination": 0}, range(orders)
    )
    lost = pd.DataFrame(
        {"status": ["cancelled"], "driver": [-1], "picked_s": [np.nan], "origin": [mall], "destination": [0]}
    )
    zones = pd.DataFrame({"channel": ["store_mall", "none"], "zone": [0, 1], "occasions": [shoppers, 99]})
    return {"orders": pd.concat([frame, lost]), "zones": zones}


def test_market_trips_are_counted_there_and_back(city: City) -> None:
    settings = congestion()
    mall, home = int(city.places.zone[city.malls[0].place]), int(city.places.zone[0])
    trips = market_trips(tables(city, orders=5, shoppers=0), city, settings)
    assert trips[3, mall, home] == trips[3, home, mall] == 5
    assert trips.sum() == 10
    trips = market_trips(tables(city, orders=0, shoppers=40), city, settings)
    assert trips[:, 0, mall].sum() == pytest.approx(40)
    assert trips.sum() == pytest.approx(80)


def test_days_of_the_market_are_averaged(city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The k-th day counts 1 / k: after days of 6, 0 and 3 orders the traffic holds their mean."""
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path))
    asked: list[Any] = []
    seen: list[np.ndarray] = []

    def assign(free: City, _: CongestionSettings, own: np.ndarray | None = None) -> Any:
        if own is not None:
            seen.append(own.copy())
        return SimpleNamespace(city=free, speed_factor=(0.9,) * 24)

    def market(settings: Any, _: City, replication: int) -> Any:
        asked.append((settings.run.days, settings.traffic.profile, replication))
        day = SimpleNamespace(tables=tables(city, orders=(6, 0, 3)[len(asked) - 1], shoppers=0))
        return SimpleNamespace(run=lambda: day)

    class Run(SimpleNamespace):
        def model_copy(self, update: dict[str, Any]) -> "Run":
            return Run(**{**vars(self), **update})

    monkeypatch.setattr("galleria.models.simulate.congest", assign)
    monkeypatch.setattr("galleria.models.simulate.Market", market)
    settings: Any = Run(run=Run(days=7, tables="metrics"), traffic=traffic(feedback_days=3))
    found = hourly(settings, settle_traffic(settings, city, settings.traffic.congestion))
    assert asked == [(1, "hourly", 0)] * 3
    assert [own.sum() for own in seen] == pytest.approx([12, 6, 6])
    assert found.run.days == 7
    assert found.traffic.profile == "hourly"
    assert found.traffic.speed_factor == (0.9,) * 24


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"share_by_hour": [0.1] * 24}, "share_by_hour must sum to 1"),
        ({"period_of_hour": [0] * 23 + [2]}, "without a gap"),
    ],
)
def test_settings_that_contradict_themselves(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        traffic(**changes)
