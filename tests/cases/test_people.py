"""People, malls and pairs of nodes as the census, rasters and spreadsheets write them."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from galleria.experiments.commands.city_networks import route
from galleria.models.city.build import check_city
from galleria.models.city.sites import read_malls
from galleria.models.errors import UsageError
from tests.cases.town import EAST_M, as_graphml, settings_of

PEOPLE = "{geoid},population,latitude,longitude\n060013700010,100,36.101,-115.199\n060013700021,300,36.107,-115.193\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return as_graphml(tmp_path, lambda m: {"length": m, "highway": "residential"})


def said(town: Path, *overrides: str) -> str:
    return " ".join(check_city(settings_of(town, *overrides))[1])


@pytest.mark.parametrize("name", ["geoid", "GEOID", "GEOID20", "GEO_ID", "GeoID"])
def test_block_groups_by_every_name_of_their_column(name: str, town: Path, tmp_path: Path) -> None:
    """S30."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE.format(geoid=name).replace("population,latitude", "Population,LATITUDE"))
    assert "400 people at 2 points" in said(town, "city/homes=census", f"city.homes.path={path}")


def test_block_groups_without_their_column(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE.format(geoid="tract"))
    with pytest.raises(UsageError, match="lacks the column geoid; it has tract, population"):
        said(town, "city/homes=census", f"city.homes.path={path}")


def test_people_of_a_european_spreadsheet(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    text = PEOPLE.format(geoid="geoid").replace(",", ";").replace(".", ",").replace("300;", "1.300;")
    path.write_bytes(text.encode("utf-16"))
    assert "1,400 people at 2 points" in said(town, "city/homes=census", f"city.homes.path={path}")


CELLS = "0 2 0\n3 -9999 5\n"
CORNER, SIZE = "xllcorner -115.202\nyllcorner 36.098\n", "cellsize 0.004\n"
GRIDS = {
    "plain": f"ncols 3\nnrows 2\n{CORNER}{SIZE}NODATA_value -9999\n{CELLS}",
    "no NODATA": f"ncols 3\nnrows 2\n{CORNER}{SIZE}{CELLS}",
    "centre": f"ncols 3\nnrows 2\nxllcenter -115.2\nyllcenter 36.1\n{SIZE}nodata_value -9999\n{CELLS}",
    "dx and dy": f"ncols 3\nnrows 2\n{CORNER}dx 0.004\ndy 0.004\nNODATA_value -9999\n{CELLS}",
    "capitals": f"NCOLS 3\nNROWS 2\n{CORNER.upper()}CELLSIZE 0.004\nNODATA_VALUE -9999\n{CELLS}",
    "other order": f"nrows 2\nncols 3\n{SIZE}{CORNER}NODATA_value -9999\n{CELLS}",
    "nan": f"ncols 3\nnrows 2\n{CORNER}{SIZE}NODATA_value nan\n{CELLS.replace('-9999', 'nan')}",
    "broken lines": f"ncols 3\nnrows 2\n{CORNER}{SIZE}0 2\n0 3\n-9999 5\n",
    "CRLF and decimal commas": f"ncols 3\nnrows 2\n{CORNER}{SIZE}{CELLS}".replace("\n", "\r\n").replace(".", ","),
}


@pytest.mark.parametrize("how", GRIDS)
def test_grids(how: str, town: Path, tmp_path: Path) -> None:
    """S32."""
    path = tmp_path / "people.asc"
    path.write_bytes(GRIDS[how].encode())
    assert "10 people at 3 points" in said(town, "city/homes=raster", f"city.homes.path={path}")


BAD_GRIDS = {
    "metres": (
        "ncols 3\nnrows 2\nxllcorner 660000\nyllcorner 3990000\ncellsize 100\n" + CELLS,
        "no longitude and latitude",
    ),
    "no size": (f"ncols 3\nnrows 2\n{CORNER}{CELLS}", "lacks cellsize"),
    "a cell less": (f"ncols 3\nnrows 2\n{CORNER}{SIZE}0 2 0\n3 5\n", "holds 5 values"),
    "a bomb": (f"ncols 3000000\nnrows 2000000\n{CORNER}{SIZE}{CELLS}", "more than a city has"),
    "words": (f"ncols 3\nnrows 2\n{CORNER}{SIZE}0 2 many\n3 1 5\n", "could not convert"),
    "no header": (CELLS, "'ncols'"),
}


@pytest.mark.parametrize("how", BAD_GRIDS)
def test_grids_that_are_none(how: str, town: Path, tmp_path: Path) -> None:
    text, expected = BAD_GRIDS[how]
    path = tmp_path / "people.asc"
    path.write_text(text)
    with pytest.raises(UsageError, match=expected):
        said(town, "city/homes=raster", f"city.homes.path={path}")


MALLS = "mall,lat,lon\nNorth,36.108,-115.2\n"


@pytest.mark.parametrize(
    "content",
    [
        MALLS.encode(),
        MALLS.encode("utf-8-sig"),
        MALLS.encode("utf-16"),
        MALLS.replace(",", "\t").encode(),
        MALLS.replace(",", ";").replace(".", ",").encode(),
        MALLS.replace("mall,lat,lon", '"Mall","LAT","Lon"').encode(),
        MALLS.replace("\n", "\r\n").encode(),
        MALLS.replace(",", " , ").encode(),
    ],
)
def test_malls_as_spreadsheets_save_them(content: bytes, tmp_path: Path) -> None:
    """S33."""
    path = tmp_path / "malls.csv"
    path.write_bytes(content)
    (mall,) = read_malls(str(path))
    assert (mall.mall, mall.lat, mall.lon) == ("North", 36.108, -115.2)


@pytest.mark.parametrize("content", ["mall;lat;lon\nA;x;y\n", "mall,lat,lon\nA,36.1\n", "mall,lat,lon\nA,1,2,3\n", "x"])
def test_malls_that_are_none(content: str, tmp_path: Path) -> None:
    path = tmp_path / "malls.csv"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"malls\.csv"):
        read_malls(str(path))


@pytest.mark.parametrize("pairs", ["origin,dest\n1,3\n", "Origin;Destination\n01;3.0\n", "\ufefforigin\tdest\n1\t3\n"])
def test_pairs_as_spreadsheets_save_them(pairs: str, town: Path, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(pairs, encoding="utf-8")
    out = CliRunner().invoke(route, [f"city.path={town}", "--pairs", str(path)]).output
    assert float(out.splitlines()[1].split(",")[3]) == pytest.approx(2 * EAST_M, abs=0.1)
    assert np.isfinite(float(out.splitlines()[1].split(",")[2]))
