"""The city cache: found again, never trusted when altered, safe when two build at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import build_city
from galleria.models.errors import UsageError
from tests.city_worlds import city_settings


def entry(cache: Path) -> Path:
    (found,) = (path for path in (cache / "cities").iterdir() if path.is_dir())
    return found


def test_second_build_reads_the_same_files_memory_mapped(tmp_path: Path) -> None:
    settings = city_settings("toy")
    first = build_city(settings, tmp_path)
    written = {path.name: path.stat().st_mtime_ns for path in entry(tmp_path).iterdir()}
    second = build_city(settings, tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in entry(tmp_path).iterdir()} == written
    assert isinstance(second.time.values, np.memmap)
    assert second.key == first.key
    assert second.report == first.report
    np.testing.assert_array_equal(second.time.values, first.time.values)


@pytest.mark.parametrize("name", ["time.npy", "places.households.npy", "city.json", "checksums.json"])
@pytest.mark.parametrize("harm", ["cut", "alter", "remove"])
def test_a_harmed_entry_is_built_again(tmp_path: Path, name: str, harm: str) -> None:
    settings = city_settings("toy")
    want = np.array(build_city(settings, tmp_path).time.values)
    victim = entry(tmp_path) / name
    content = victim.read_bytes()
    match harm:
        case "cut":
            victim.write_bytes(content[: len(content) // 2])
        case "alter":
            victim.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        case _:
            victim.unlink()
    again = build_city(settings, tmp_path)
    np.testing.assert_array_equal(again.time.values, want)
    assert victim.read_bytes() == content


def test_two_builders_at_once_give_one_entry(tmp_path: Path) -> None:
    settings = city_settings("grid", "city.nodes_per_side=9", "city.home_places=81")
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: build_city(settings, tmp_path), range(2))
    assert one.key == other.key
    assert entry(tmp_path).is_dir()


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "elsewhere"))
    build_city(city_settings("toy"))
    assert entry(tmp_path / "elsewhere").is_dir()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="GALLERIA_CACHE"):
        build_city(city_settings("toy"), tmp_path / "file")
