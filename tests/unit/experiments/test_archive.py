"""A results folder as an RO-Crate: what it names is in it, nothing else is, and it can be read again."""

import json
import zipfile
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from galleria.experiments.results import load
from galleria.experiments.results.archive import CRATE, archive
from galleria.models.errors import UsageError
from tests.synthetic_results import POOL, Design, write_results

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    points = [{POOL: 60.0}, {POOL: 400.0}]
    design = Design(points=list(points), labels={POOL: "Driver pool"}, units={POOL: "drivers"}, tables=("days",))
    return write_results(tmp_path / "results", design)


def crate_of(path: Path) -> dict[str, dict[str, object]]:
    with zipfile.ZipFile(path) as packed:
        whole = json.loads(packed.read(CRATE))
    assert whole["@context"] == "https://w3id.org/ro/crate/1.2/context"
    by_id = {each["@id"]: each for each in whole["@graph"]}
    assert len(by_id) == len(whole["@graph"]), "every entity once"
    return by_id


def references(value: object) -> list[str]:
    """List what an entity refers to."""
    if isinstance(value, list):
        return [each for part in value for each in references(part)]
    if isinstance(value, dict):
        return [str(value["@id"])] if set(value) == {"@id"} else references(list(value.values()))
    return []


def test_the_crate_names_every_file_and_no_other_and_every_reference_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "run").write_text("x")
    names = archive(folder, tmp_path / "a.zip", LICENCE, ("A. Writer",), "2026-11-30")
    crate = crate_of(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.testzip() is None
        assert set(packed.namelist()) == set(names)
        assert packed.namelist()[0] == CRATE
    parts = set(references(crate["./"]["hasPart"]))
    assert parts == set(names) - {CRATE}
    assert not any(name.startswith(".") for name in names)
    for entity in crate.values():
        for each in references(list(entity.values())):
            assert each in crate or each.startswith("https://w3id.org/ro/crate/"), each
    assert crate[CRATE]["about"] == {"@id": "./"}
    assert crate["./"]["license"] == {"@id": LICENCE}
    assert crate["./"]["datePublished"] == "2026-11-30"
    assert crate["#author-1"]["name"] == "A. Writer"
    assert crate["#runs"]["instrument"] == {"@id": "#galleria"}
    assert crate["metrics.parquet"]["contentSize"] == str((folder / "metrics.parquet").stat().st_size)


def test_it_is_the_same_bytes_twice_and_reads_as_the_folder_did(folder: Path, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        archive(folder, tmp_path / name, LICENCE, (), "2026-11-30")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        packed.extractall(tmp_path / "again")
    assert load(tmp_path / "again").metrics.equals(load(folder).metrics)
    codemeta = json.loads((tmp_path / "again" / "codemeta.json").read_text(encoding="utf-8"))
    assert codemeta["name"] == "Galleria"


def test_links_and_a_target_within_the_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies within"):
        archive(folder, folder / "a.zip", LICENCE, (), "2026-11-30")
    (folder / "passwords").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match="is a link"):
        archive(folder, tmp_path / "a.zip", LICENCE, (), "2026-11-30")
    assert not (tmp_path / "a.zip").exists()


def test_the_command_packs_a_finished_folder_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", str(folder), "--date", "2026-11-30", "--author", "A"]) == 0
    assert "results.zip" in capsys.readouterr().out
    assert "metrics.parquet" in crate_of(folder.with_name("results.zip"))
    assert main(["archive", str(folder), "--date", "yesterday"]) == 2
    (folder / ".work").mkdir()
    assert main(["archive", str(folder)]) == 2
    assert "not finished" in capsys.readouterr().err
