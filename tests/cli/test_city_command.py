"""`galleria city`: what a user types, what is printed, and the exit code."""

import json
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from tests.city_worlds import DATA, ROOT, graphml, street

TOWN, STREETS = street(["a", "b", "c", "d"], -115.1, 36.1, highway="residential", length=1112, speed_kph=36)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "town.graphml"
    path.write_text(graphml(TOWN, STREETS))
    return path


def test_build_says_what_was_built(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "build", f"city.path={town}", "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert (about["nodes"], about["edges"], about["zones"]) == (4, 6, 2)


def test_check_counts_remarks(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town.write_text(graphml(TOWN, [*STREETS, ("a", "a", {"length": 3})]))
    assert main(["city", "check", f"city.path={town}"]) == 0
    out = capsys.readouterr().out
    assert "4 nodes and 6 edges" in out
    assert "1 self-loops" in out


def test_check_of_a_bad_file_is_exit_2(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town.write_text("<html>not found</html>")
    assert main(["city", "check", f"city.path={town}"]) == 2
    said = capsys.readouterr().err
    assert "web page" in said
    assert len(said.strip().splitlines()) == 1


def test_route_answers_in_the_ids_of_the_file(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("origin,dest,freeflow_s,shortest_m\na,d,0,0\nc,b,0,0\n")
    assert main(["city", "route", f"city.path={town}", "--pairs", str(pairs), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"origin": "a", "destination": "d", "seconds": 333.6, "metres": 3336.0},
        {"origin": "c", "destination": "b", "seconds": 111.2, "metres": 1112.0},
    ]


def test_route_names_unknown_nodes(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("origin,dest\na,zz\n")
    assert main(["city", "route", f"city.path={town}", "--pairs", str(pairs)]) == 2
    assert "zz" in capsys.readouterr().err


def test_show_writes_both_maps(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "show", f"city.path={town}", "city.name='<Town>'", "--output", str(tmp_path / "maps")]) == 0
    assert (tmp_path / "maps" / "map.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "maps" / "map.html").read_text()
    assert "<Town>" not in page.split("application/json")[0]  # names are escaped
    assert "http://" not in page  # needs nothing else
    assert str(tmp_path / "maps") in capsys.readouterr().out


def test_list_names_presets_and_the_cache(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "build", f"city.path={town}"]) == 0
    assert main(["city", "list"]) == 0
    out = capsys.readouterr().out
    for name in ("sunbelt", "grid", "torus", "toy", "file"):
        assert f"  {name} " in out
    assert "places" in out


def test_unknown_key_is_exit_2(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "check", f"city.path={town}", "city.mals=x.csv"]) == 2
    assert "city.malls" in capsys.readouterr().err


@pytest.mark.skipif(not (DATA / "tntp").is_dir(), reason=f"no {DATA / 'tntp'} (set GALLERIA_DATA)")
def test_assign_prints_the_equilibrium(capsys: pytest.CaptureFixture[str]) -> None:
    net = DATA / "tntp" / "SiouxFalls" / "SiouxFalls_net.tntp.gz"
    assert main(["city", "assign", f"city.path={net}", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"objective", "relative_gap", "iterations", "seconds"}
    assert found["objective"] == pytest.approx(4_231_335.287, rel=1e-4)


def test_every_city_file_opens_with_a_sentence() -> None:
    for file in (ROOT / "conf" / "city").rglob("*.yaml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert any(line.startswith("# ") and "@package" not in line for line in lines[:2]), file
