"""Downloading from OpenStreetMap: what is asked of OSMnx, and what is said when it cannot be asked."""

import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from galleria.models.city import build_city
from galleria.models.errors import UsageError
from tests.city_worlds import city_settings, graphml, street


class Osmnx:
    """A stand-in that knows one street, and keeps what it was asked."""

    settings = SimpleNamespace(overpass_url="https://overpass.example/api")

    def __init__(self, fails: Exception | None = None) -> None:
        self.asked: list[Any] = []
        self.fails = fails

    def graph_from_place(self, place: str, custom_filter: str) -> str:
        self.asked.append((place, custom_filter))
        return self._graph()

    def graph_from_point(self, point: tuple[float, float], dist: float, custom_filter: str) -> str:
        self.asked.append((point, dist, custom_filter))
        return self._graph()

    def _graph(self) -> str:
        if self.fails is not None:
            raise self.fails
        return graphml(*street(["a", "b", "c"], -77.222, 38.91, highway="residential", length=1112))

    def save_graphml(self, graph: str, path: Path) -> None:
        path.write_text(graph)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])
    return tmp_path


def test_a_place_is_downloaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    osmnx = Osmnx()
    monkeypatch.setitem(sys.modules, "osmnx", osmnx)
    settings = city_settings("osm", "city.place='Chandler, Arizona, USA'")
    assert build_city(settings).key == build_city(settings).key
    ((place, wanted),) = osmnx.asked
    assert place == "Chandler, Arizona, USA"
    assert wanted.startswith('["highway"~"^(motorway|')


def test_a_preset_asks_for_its_point(monkeypatch: pytest.MonkeyPatch) -> None:
    osmnx = Osmnx()
    monkeypatch.setitem(sys.modules, "osmnx", osmnx)
    city = build_city(city_settings("tysons"))
    ((point, metres, _),) = osmnx.asked
    assert point == (38.917, -77.222)
    assert metres == 12_000
    assert city.malls[0].name == "Tysons Corner Center"


def test_a_file_is_read_instead_of_downloading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "osmnx", None)
    path = tmp_path / "mine.graphml"
    path.write_text(Osmnx()._graph())
    assert build_city(city_settings("tysons", f"city.path={path}")).roads.nodes == 3


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (None, "needs the package osmnx"),
        (Osmnx(OSError("no route")), "there is no network"),
        (Osmnx(ValueError("nothing found")), "nothing found"),
    ],
)
def test_what_cannot_be_downloaded_names_the_file_alternative(
    module: Osmnx | None, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "osmnx", module)
    with pytest.raises(UsageError, match=expected) as caught:
        build_city(city_settings("tysons"))
    assert "city=tysons city.path=FILE" in str(caught.value)
    assert not list(tmp_path.rglob("*.graphml"))


def test_nowhere_is_said() -> None:
    with pytest.raises(UsageError, match="needs to know where"):
        build_city(city_settings("osm"))


def test_no_network_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    osmnx = Osmnx()
    monkeypatch.setitem(sys.modules, "osmnx", osmnx)
    with pytest.raises(UsageError, match="no network"):
        build_city(city_settings("tysons"))
    assert not osmnx.asked
