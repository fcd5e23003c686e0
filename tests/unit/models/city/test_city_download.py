"""Cities downloaded for a run: OSMnx itself asks a server on this machine, by the path of `galleria city get`."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.models.city import build_city
from galleria.models.city.settings import CitySettings
from galleria.models.errors import UsageError
from tests.city_worlds import city_settings, graphml, street
from tests.osm_server import MapServer, serving
from tests.osm_town import LAT, LON, STEP, town

HERE = f"city.point={{lat: {LAT + 2.5 * STEP}, lon: {LON + 2.5 * STEP}}}"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def server() -> Iterator[MapServer]:
    pytest.importorskip("osmnx", reason="osmnx is not installed (pip install 'galleria[osm]')")
    with serving(town()) as started:
        yield started


def asking(server: MapServer, *overrides: str) -> CitySettings:
    servers = (f"city.servers.overpass={server.url}/api", f"city.servers.nominatim={server.url}")
    waits = ("city.servers.wait_s=0.01", "city.servers.attempts=3", "city.home_places=20")
    return city_settings("osm", *servers, *waits, *overrides)


def test_a_place_is_downloaded_once_and_its_malls_are_found(server: MapServer, cache: Path) -> None:
    settings = asking(server, "city.place='Old Town, Arizona'")
    built = build_city(settings)
    before = len(server.asked)
    assert before
    assert build_city(settings).key == built.key
    assert len(server.asked) == before
    assert [mall.name for mall in built.malls] == ["Fashion & Square"]
    (folder,) = (path for path in (cache / "downloads").iterdir() if path.is_dir())
    assert {"edges.csv.gz", "features.csv", "provenance.json"} <= {path.name for path in folder.iterdir()}


def test_a_point_gives_the_roads_of_the_extract_with_the_malls_that_are_stated(
    server: MapServer, tmp_path: Path
) -> None:
    pytest.importorskip("osmium", reason="osmium is not installed (pip install 'galleria[osm]')")
    stated = f"city.malls=[{{mall: Mine, lat: {LAT + STEP}, lon: {LON + STEP}}}]"
    built = build_city(asking(server, HERE, "city.radius_km=2", stated))
    town().extract(tmp_path / "extract.osm")
    read = build_city(city_settings("file", f"city.path={tmp_path / 'extract.osm'}", stated, "city.home_places=20"))
    assert [mall.name for mall in built.malls] == ["Mine"]
    assert (built.roads.nodes, built.roads.edges) == (read.roads.nodes, read.roads.edges)


def test_a_busy_server_is_asked_again(server: MapServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.faults = ["429"]
    build_city(asking(server, HERE, "city.radius_km=2"))
    assert "answered 429 (too many requests); again in 0.01 s (2 of 3)" in capsys.readouterr().err


def test_a_server_that_refuses_is_said_and_leaves_no_city(server: MapServer, cache: Path) -> None:
    server.faults = ["403"]
    with pytest.raises(UsageError, match="answered 403 and refuses") as caught:
        build_city(asking(server, HERE, "city.radius_km=2"))
    assert "city.path=FILE" in str(caught.value)
    assert not list((cache / "downloads").glob("osm-*[!k]/provenance.json"))


def test_a_file_is_read_instead_of_downloading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "osmnx", None)
    path = tmp_path / "mine.graphml"
    path.write_text(graphml(*street(["a", "b", "c"], -77.222, 38.91, highway="residential", length=1112)))
    assert build_city(city_settings("tysons", f"city.path={path}")).roads.nodes == 3


def test_without_osmnx_the_file_alternative_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "osmnx", None)
    with pytest.raises(UsageError, match="needs the package osmnx") as caught:
        build_city(city_settings("tysons"))
    assert "city.path=FILE" in str(caught.value)


def test_nowhere_is_said() -> None:
    with pytest.raises(UsageError, match="needs to know where"):
        build_city(city_settings("osm"))


def test_no_network_is_seen_at_once(monkeypatch: pytest.MonkeyPatch, server: MapServer) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UsageError, match="no network"):
        build_city(city_settings("tysons"))
    assert not server.asked
