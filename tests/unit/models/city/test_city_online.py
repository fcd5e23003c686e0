"""`galleria city get PLACE` against a server on this machine: OSMnx itself asks it, and its faults are met in words."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.cli import main
from galleria.models.city import build_city
from galleria.models.city.readers import read_roads
from tests.city_worlds import file_settings
from tests.osm_server import MapServer, serving
from tests.osm_town import LAT, LON, STEP, town

pytest.importorskip("osmnx", reason="osmnx is not installed (pip install 'galleria[osm]')")
pytest.importorskip("osmium", reason="osmium is not installed (pip install 'galleria[osm]')")

HERE = ("--point", f"{LAT + 2.5 * STEP},{LON + 2.5 * STEP}", "--radius", "2", "--name", "town")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MapServer]:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    with serving(town()) as started:
        yield started


def get(server: MapServer, *words: str) -> int:
    servers = ("--overpass", f"{server.url}/api", "--nominatim", server.url)
    return main(["city", "get", *words, *servers, "city.servers.wait_s=0.01", "city.servers.attempts=3"])


def edges(path: Path) -> dict[tuple[str, str, float], tuple[float, float, str]]:
    settings = file_settings(path)
    raw = read_roads(path, None, settings.read)  # type: ignore[union-attr]
    ends = zip(raw.tail, raw.head, raw.length_m, raw.speed_kph, raw.lanes, raw.road_class, strict=True)
    return {
        (raw.node_id[u], raw.node_id[v], round(float(m), 1)): (float(np.nan_to_num(kph)), float(np.nan_to_num(n)), kind)
        for u, v, m, kph, n, kind in ends
    }


def features(path: Path) -> list[list[str]]:
    rows = csv.DictReader((path / "features.csv").read_text(encoding="utf-8").splitlines())
    return [
        [row["kind"], row["name"], row["osm"], f"{float(row['lat']):.6f}", f"{float(row['lon']):.6f}"] for row in rows
    ]


def test_the_graph_and_the_stores_are_those_of_the_extract(server: MapServer, tmp_path: Path) -> None:
    assert get(server, *HERE) == 0
    extract = town().extract(tmp_path / "extract.osm")
    assert edges(tmp_path / "cities/town") == edges(extract)
    assert main(["city", "get", "--from", "extract.osm"]) == 0
    assert features(tmp_path / "cities/town") == features(tmp_path / "cities/extract")
    city = build_city(file_settings(tmp_path / "cities/town", "city.home_places=20"))
    assert [mall.name for mall in city.malls] == ["Fashion & Square"]
    about = json.loads((tmp_path / "cities/town/provenance.json").read_text())
    assert about["roads"]["date"] == "2026-01-02T03:04:05Z"
    assert "ODbL" in about["roads"]["licence"]
    assert all(agent.startswith("galleria/") for _, agent in server.asked)


def test_a_place_is_found_by_its_name(server: MapServer, tmp_path: Path) -> None:
    assert get(server, "Old Town, Arizona") == 0
    assert edges(tmp_path / "cities/old_town_arizona") == edges(town().extract(tmp_path / "extract.osm"))


def test_a_busy_server_is_asked_again(server: MapServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.faults = ["429", "504"]
    assert get(server, *HERE) == 0
    out = capsys.readouterr().out
    assert "answered 429 (too many requests); again in 0.01 s (2 of 3)" in out
    assert "answered 504" in out


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (["429"] * 3, "too many requests), 3 times in a row"),
        (["504"] * 3, "overloaded, or the area takes it too long"),
        (["remark"] * 3, "in the middle of its answer"),
        (["hang up"] * 3, "cannot be reached"),
        (["html"], "web page in the place of map data"),
        (["403"], "answered 403 and refuses"),
        (["empty"], "OpenStreetMap has nothing for 2 km around latitude 33.31"),
    ],
)
def test_what_goes_wrong_is_said(
    faults: list[str], said: str, server: MapServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.faults = list(faults)
    assert get(server, *HERE) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "--from FILE" in told
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "cities/town").exists()


def test_an_unknown_place_is_said(server: MapServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert get(server, "Atlantis") == 2
    assert "OpenStreetMap has nothing for Atlantis" in capsys.readouterr().err


def test_what_was_downloaded_is_not_asked_for_again(server: MapServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.faults = ["none", "403"]  # the roads are had, the stores are refused
    assert get(server, *HERE) == 2
    before = server.questions("/api/interpreter")
    assert get(server, *HERE) == 0
    assert "roads: kept from before" in capsys.readouterr().out
    assert server.questions("/api/interpreter") == before + 1
