"""The folder of cases as it is handed over, run command by command where it is at hand."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from galleria.experiments.commands.city import city
from galleria.models.errors import UsageError
from tests.city_worlds import ROOT

CASES = Path(os.environ.get("GALLERIA_CASES", ROOT.parent / "shared" / "cases"))
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"no cases in {CASES} (set GALLERIA_CASES)")

ROADS: dict[str, tuple[str, str]] = {
    "S01": ("check city.path=graphml_km", "kilometres"),
    "S02": ("route city.path=gmns_miles --pairs pairs.csv", r"1,25,239\.7\d+,3216"),
    "S03": ("route city.path=gmns_kph --pairs pairs.csv", r"1,25,241\.\d+,3216"),
    "S04": ("route city.path=crs_3857 --pairs pairs.csv", r"1,25,\d+\.\d+,3216"),
    "S05": ("check city.path=crs_wkt city.malls=malls.csv", "80 edges can be used"),
    "S05 route": ("route city.path=crs_wkt --pairs pairs.csv", r"1,25,\d+\.\d+,3216"),
    "S06": ("route city.path=zero_length --pairs pairs.csv", r"1,5,\d+\.\d+,143[78]"),
    "S07": ("build city.path=antimeridian --json", r'"area_km2": 3\.'),
    "S08": ("route city.path=gmns_drawn_once --pairs pairs.csv", r"2,1,\d+\.\d+,359"),
    "S09": ("route city.path=gmns_no_shape --pairs pairs.csv", r"2,1,\d+\.\d+,1249"),
    "S10": ("check city.path=gmns_uses", "80 edges"),
    "S11": ("check city.path=gmns_directed", "80 edges"),
    "S12": ("route city.path=gmns_geojson --pairs pairs.csv", r"1,2,\d+\.\d+,434\.5"),
    "S13": ("route city.path=tntp_centroid --pairs tntp_centroid/pairs.csv", r"3,4,600\.0"),
    "S14": ("assign city.path=tntp_comment --json", r'"objective": 123\.6'),
    "S15": ("assign city.path=tntp_from_zero --json", "numbered from 1 to 2"),
    "S16": ("assign city.path=tntp_nan --json", "link from 1 to 3 is nan"),
    "S17": ("assign city.path=tntp_nine --json", r'"objective": 123\.6'),
    "S18": ("assign city.path=tntp_first --json", "Town_net.tntp, line 3"),
    "S18 nodes": ("check city.path=tntp_node_csv", "8 edges"),
    "S19": ("check city.path=json_undirected", "80 edges"),
    "S20": ("check city.path=json_graph_list", "80 edges"),
    "S21": ("route city.path=json_geometry --pairs pairs.csv", r"1,2,\d+\.\d+,434\.5"),
    "S22": ("check city.path=graphml_netlogo", "80 edges"),
    "S22 plain": ("check city.path=graphml_plain", "80 edges"),
    "S23": ("route city.path=graphml_mixed --pairs pairs.csv", r"2,1,\d+\.\d+,359"),
    "S24": ("route city.path=graphml_times --pairs pairs.csv", r"1,25,868\."),
    "S25": ("route city.path=maxspeed --pairs maxspeed/pairs.csv", r"s0,s1,74\.5.*\ns1,s2,194\.59.*\ns2,s3,63\.94"),
    "S26": ("build city.path=many_classes", "12 road nodes stand for the homes"),
    "S27": ("check city.path=osm_josm", "80 edges"),
    "S28": ("check city.path=osm_overpass", "80 edges"),
    "S29": ("route city.path=osm_directions --pairs pairs.csv", r"1,2,43\.1.*\n2,1,21\.5"),
    "S30": ("check city.path=town city/homes=census city.homes.path=homes/geoid_upper.csv", "4,600 people at 4 points"),
    "S32": ("check city.path=town city/homes=raster city.homes.path=homes/no_nodata.asc", "402 people at 15 points"),
    "S32 centre": (
        "check city.path=town city/homes=raster city.homes.path=homes/centre.asc",
        "402 people at 15 points",
    ),
    "S32 d": ("check city.path=town city/homes=raster city.homes.path=homes/dx_dy.asc", "402 people at 15 points"),
    "S33": ("check city.path=town city.malls=malls_semicolon.csv", "edges can be used"),
    "S41": ("check city.path=one_corner", "no road between two nodes"),
}


@pytest.mark.parametrize("case", ROADS)
def test_cities(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path))
    monkeypatch.chdir(CASES)
    command, expected = ROADS[case]
    outcome = CliRunner().invoke(city, command.split())
    said = str(outcome.exception) if isinstance(outcome.exception, UsageError) else outcome.output
    assert re.search(expected, said), said
    assert isinstance(outcome.exception, UsageError | None)
