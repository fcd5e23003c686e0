"""`galleria city get PRESET --streets generated`: real people and malls on streets made by rule."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.cli import main
from galleria.models.city import build_city
from galleria.models.city.build import check_city
from galleria.models.city.raw import great_circle_km
from galleria.models.city.readers import read_roads
from galleria.models.city.settings import FileSettings
from tests.city_worlds import DATA, file_settings

LAT, LON, RADIUS_KM = 33.3014, -111.8985, 2.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("chandler")
    people = "geoid,population,latitude,longitude\n" + "".join(
        f"04013000100{k},{100 * k},{LAT + 0.004 * k},{LON - 0.004 * k}\n" for k in (1, 2, 3)
    )
    (here / "people.csv").write_text(people)
    words = ["--point", f"{LAT},{LON}", "--radius", f"{RADIUS_KM:g}", "--population", str(here / "people.csv")]
    assert main(["city", "get", "chandler", "--streets", "generated", *words, "--out", str(here / "city")]) == 0
    return here / "city"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))


def test_streets_lie_around_the_point_and_keep_their_lengths(folder: Path) -> None:
    settings = file_settings(folder)
    assert isinstance(settings, FileSettings)
    raw = read_roads(folder, "csv", settings.read)
    away_km = great_circle_km(raw.x, raw.y, np.full_like(raw.x, LON), np.full_like(raw.y, LAT))
    assert RADIUS_KM * 0.9 < away_km.max() <= RADIUS_KM * np.sqrt(2) * 1.01
    ends = [axis[rows] for rows in (raw.tail, raw.head) for axis in (raw.x, raw.y)]
    assert raw.length_m / 1000 == pytest.approx(great_circle_km(*ends), rel=2e-3)


def test_the_folder_says_what_is_real(folder: Path) -> None:
    roads = json.loads((folder / "provenance.json").read_text())["roads"]
    assert roads["real"].startswith("nothing of the streets")
    assert "made by rule" in roads["remarks"][0]
    assert "OpenStreetMap" not in json.dumps(roads)


def test_people_and_mall_are_where_they_are(folder: Path) -> None:
    city = build_city(file_settings(folder, "city.households=600"))
    assert [site.name for site in city.malls] == ["Chandler Fashion Center"]
    place = city.places
    assert place.households.sum() == pytest.approx(600)
    north = np.average(place.y_km, weights=place.households) - place.y_km[city.malls[0].place]
    east = np.average(place.x_km, weights=place.households) - place.x_km[city.malls[0].place]
    assert north == pytest.approx(0.004 * 14 / 6 * 111.2, abs=0.25)
    assert east == pytest.approx(-0.004 * 14 / 6 * 111.2 * np.cos(np.radians(LAT)), abs=0.25)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--streets", "generated"], "around which point"),
        (["chandler", "--streets", "generated", "--from", "people.csv"], "either"),
        (["chandler", "--streets", "generated", "--point", "33.3,-111.9", "--radius", "60"], "smaller radius"),
    ],
)
def test_what_makes_no_sense_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "get", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data in {DATA} (set GALLERIA_DATA)")
def test_chandler_has_its_census_people_near_streets(tmp_path: Path) -> None:
    """Nine in ten live within 200 m of a node, the width of a block."""
    people, out = DATA / "census-block-groups-2020/maricopa_az.csv.gz", tmp_path / "whole"
    square = ["--point", f"{LAT},{LON}", "--radius", "4"]
    words = ["chandler", *square, "--streets", "generated", "--population", str(people), "--out", str(out)]
    assert main(["city", "get", *words]) == 0
    _, said = check_city(file_settings(out))
    near = next(each for each in said if "nearest road node" in each)
    assert float(re.findall(r"within ([\d.]+) km", near)[0]) < 0.2
    assert json.loads((out / "provenance.json").read_text())["population"]["people"] > 50_000
