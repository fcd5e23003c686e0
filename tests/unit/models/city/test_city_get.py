"""`galleria city get --from`: what is read from an extract, the folder it makes, and how that ends when it cannot."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.cli import main
from galleria.models.city import build_city
from galleria.models.city.build import build_roads, check_city
from galleria.models.city.readers import read_roads
from tests.city_worlds import DATA, city_settings, file_settings
from tests.osm_town import LAT, LON, STEP, town

osmium = pytest.importorskip("osmium", reason="osmium is not installed")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    town().extract(tmp_path / "town.osm")
    (tmp_path / "people.csv").write_text(
        "geoid,population,latitude,longitude\n"
        f"040130001001,260,{LAT + STEP},{LON + STEP}\n"
        f"040130001002,520,{LAT + 4 * STEP},{LON + 4 * STEP}\n"
        "040130001003,999,40.0,-100.0\n"
    )
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def get(*words: str) -> int:
    return main(["city", "get", "--from", "town.osm", *words])


def test_a_folder_holds_what_the_extract_tags(here: Path) -> None:
    assert get("--population", "people.csv") == 0
    found = {(row["kind"], row["name"]) for row in rows(here / "cities/town/features.csv")}
    assert found == {
        ("mall", "Fashion & Square"),
        ("mall", "Corner Shops"),
        ("supermarket", "Fresh"),
        ("big_box", "Everything"),
        ("warehouse", "Depot"),
        ("restaurant", "Bún & co"),
        ("restaurant", ""),
    }
    (mall,) = rows(here / "cities/town/malls.csv")
    assert mall["mall"] == "Fashion & Square"
    assert float(mall["lon"]) == pytest.approx(LON + 2.2 * STEP + 0.0012, abs=1e-7)
    assert [row["geoid"] for row in rows(here / "cities/town/population.csv")] == ["040130001001", "040130001002"]


def test_a_footprint_is_measured(here: Path) -> None:
    assert get() == 0
    depot = next(row for row in rows(here / "cities/town/features.csv") if row["name"] == "Depot")
    side = np.radians(0.001) * 6_371_009
    assert float(depot["m2"]) == pytest.approx(side**2 * np.cos(np.radians(LAT + 4.2 * STEP)), rel=1e-4)


def test_the_folder_reads_back_as_the_extract(here: Path) -> None:
    assert get() == 0
    settings = file_settings(here / "town.osm")
    raw = read_roads(here / "town.osm", None, settings.read)  # type: ignore[union-attr]
    again = read_roads(here / "cities/town", None, settings.read)  # type: ignore[union-attr]
    assert list(again.node_id) == list(raw.node_id)
    assert list(again.road_class) == list(raw.road_class)
    for name in ("x", "y", "tail", "head", "length_m", "speed_kph", "time_s", "lanes"):
        np.testing.assert_array_equal(getattr(again, name), getattr(raw, name), err_msg=name)
    assert {k: line.tolist() for k, line in again.shapes.items()} == {k: s.tolist() for k, s in raw.shapes.items()}


def test_a_city_of_the_folder_has_its_malls_and_people(here: Path) -> None:
    assert get("--population", "people.csv") == 0
    city = build_city(file_settings(here / "cities/town", "city.home_places=20"))
    assert [mall.name for mall in city.malls] == ["Fashion & Square"]
    assert any("780 people at 2 points" in sentence for sentence in city.report)
    own = build_city(file_settings(here / "cities/town", "city.malls=[{mall: Mine, lat: 33.304, lon: -111.896}]"))
    assert [mall.name for mall in own.malls] == ["Mine"]


def test_provenance_tells_sources_licence_and_counts(here: Path) -> None:
    assert get("--population", "people.csv") == 0
    about = json.loads((here / "cities/town/provenance.json").read_text())
    assert "ODbL" in about["roads"]["licence"]
    assert set(about["roads"]["sha256"]) == {"town.osm"}
    assert about["features"]["counts"]["restaurant"] == 2
    assert (about["population"]["people"], about["population"]["households"]) == (780, 300)
    assert about["population"]["people_outside"] == 999
    assert about["roads"]["box_lon_lat"] == [LON, LAT, round(LON + 5 * STEP, 7), round(LAT + 5 * STEP, 7)]
    readme = (here / "cities/town/README.md").read_text()
    assert "OpenStreetMap contributors" in readme
    assert "`population.csv`" in readme
    assert not [path.name for path in (here / "cities").iterdir() if path.name != "town"]


def test_a_second_time_nothing_is_done_and_another_question_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert get() == 0
    before = (here / "cities/town/provenance.json").stat().st_mtime_ns
    assert get() == 0
    assert "is there already" in capsys.readouterr().out
    assert (here / "cities/town/provenance.json").stat().st_mtime_ns == before
    assert get("--population", "people.csv") == 2
    assert "made from something else (population: None there" in capsys.readouterr().err


def test_what_was_stopped_goes_on(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.csv").write_text("geoid,population,latitude,longitude\n1,5,0,0\n")
    assert get("--population", "bad.csv") == 2
    assert "none of its 1 points with people lies among the roads" in capsys.readouterr().err
    assert not (here / "cities/town").exists()
    kept = here / "cities/.town.draft/edges.csv.gz"
    before = kept.stat().st_mtime_ns
    assert get("--population", "bad.csv") == 2
    assert "roads: kept from before" in capsys.readouterr().out
    assert kept.stat().st_mtime_ns == before
    assert get("--population", "people.csv") == 0  # another question starts anew
    assert "kept" not in capsys.readouterr().out


def test_a_square_is_cut_and_a_preset_keeps_its_malls(here: Path) -> None:
    assert get("--point", f"{LAT},{LON}", "--radius", "1", "--name", "corner") == 0
    about = json.loads((here / "cities/corner/provenance.json").read_text())
    assert about["roads"]["nodes"] == 9
    assert main(["city", "get", "chandler", "--from", "town.osm"]) == 0
    assert [row["mall"] for row in rows(here / "cities/chandler/malls.csv")] == ["Chandler Fashion Center"]
    roads, _ = build_roads(city_settings("chandler", "city.path=cities/chandler"))
    assert roads.nodes == 36


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "none.osm"], "There is no file none.osm"),
        (["--from", "page.osm"], "is a web page"),
        (["--from", "cut.osm.pbf"], "not a readable OpenStreetMap extract"),
        (["--from", "people.csv"], "belongs to a known format"),
        (["--from", "town.osm", "--point", "33.3", "--radius", "2"], "latitude and longitude in degrees"),
        (["--from", "town.osm", "--point", "99,0", "--radius", "2"], "latitude and longitude in degrees"),
        (["--from", "town.osm", "--point", f"{LON},{LAT}", "--radius", "2"], "latitude and longitude in degrees"),
        (["--from", "town.osm", "--point", "50,8", "--radius", "2"], "No road of town.osm lies within 2 km"),
        (["--from", "town.osm", "--radius", "2"], "belong together"),
        (["--from", "town.osm", "--point", "33,-111", "--radius", "99"], "at most 60"),
        (["--from", "town.osm", "--out", "."], "is no city folder"),
        (["--from", "town.osm", "--population", "none.csv"], "none.csv cannot be read"),
        (["--from", "town.osm", "--population", "town.osm"], "lacks the columns"),
        (["--from", "town.osm", "city.malls=[{mall: A, lat: 1, lon: 2}]"], "None of the 1 malls"),
        (["sunbelt", "--from", "town.osm"], "city.path"),
        (["nowhere", "--from", "town.osm"], "nowhere"),
        ([], "--from FILE"),
    ],
)
def test_what_is_wrong_is_said_in_one_paragraph(
    words: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "page.osm").write_text("<!doctype html><p>not here</p>")
    (here / "cut.osm.pbf").write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader")
    assert main(["city", "get", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not (here / "cities").exists() or not [p for p in (here / "cities").iterdir() if p.name[0] != "."]


def test_real_extract_and_census(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract = DATA / "city-baltimore-south" / "baltimore.osm.pbf"
    census = DATA / "census-block-groups-2020" / "baltimore_city_md.csv.gz"
    if not extract.is_file() or not census.is_file():
        pytest.skip(f"needs {extract} and {census}")
    assert main(["city", "get", "--from", str(extract), "--population", str(census), "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert about["features"]["counts"]["restaurant"] > 10
    assert about["population"]["people"] > 50_000
    roads, _ = build_roads(file_settings(here / "cities/baltimore"))
    direct, _ = build_roads(file_settings(extract))
    np.testing.assert_array_equal(roads.edge_time_s, direct.edge_time_s)
    np.testing.assert_array_equal(roads.edge_length_km, direct.edge_length_km)


@pytest.mark.parametrize(
    ("preset", "extract", "county", "malls", "nodes", "people"),
    [
        ("las_vegas", "city-las-vegas/graph.graphml.gz", "clark_nv.csv.gz", 3, 4310, 1_144_073),
        ("chandler", "city-phoenix-arterials/graph.graphml.gz", "maricopa_az.csv.gz", 2, 332, 262_316),
    ],
)
def test_presets_are_read_from_real_extracts(
    here: Path, preset: str, extract: str, county: str, malls: int, nodes: int, people: int
) -> None:
    file, census = DATA / extract, DATA / "census-block-groups-2020" / county
    if not file.is_file() or not census.is_file():
        pytest.skip(f"needs {file} and {census}")
    assert main(["city", "get", preset, "--from", str(file), "--population", str(census)]) == 0
    assert len(rows(here / "cities" / preset / "malls.csv")) == malls
    roads, said = check_city(city_settings(preset, f"city.path=cities/{preset}"))
    assert roads.nodes == nodes
    assert any(f"{people:,} people at" in sentence for sentence in said)
