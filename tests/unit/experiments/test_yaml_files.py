"""YAML of strangers is refused in a moment where it stands for more than it says, and read where it does not."""

import os
import time
from pathlib import Path

import pytest

from galleria.experiments.design.yaml_files import check_folder, check_yaml
from galleria.experiments.scripting import settings
from galleria.models.errors import UsageError

LISTS = "a0: &a0 [x, x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40))
MAPPINGS = "a0: &a0 {k: x}\n" + "\n".join(f"a{n}: &a{n} {{i: *a{n - 1}, j: *a{n - 1}}}" for n in range(1, 60))


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (LISTS, "aliases stand for more than 300,000 values"),
        (MAPPINGS, "aliases stand for more than 300,000 values"),
        ("a: &a [*a]", "stands within what it stands for"),
        ("a: " + "[" * 100_000, "more than 50 deep"),
        ("a: " + "{b: " * 1000, "more than 50 deep"),
        ("x" * 2_000_001, r"a configuration of 2\.0 MB"),
        ("\ufeff# @package _global_\ndrivers: {pool: 40}\n", "mine.yaml: begins with a byte order mark"),
    ],
    ids=["lists", "mappings", "circle", "brackets", "braces", "long", "byte order mark"],
)
def test_a_bomb_is_refused_in_a_moment(tmp_path: Path, content: str, wrong: str) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.yaml").write_text(content, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(UsageError, match=wrong):
        settings(["city=toy", "policy=mine"], config_dir=tmp_path)
    assert time.process_time() - started < 5


def test_aliases_as_people_write_them_are_read(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    dates = "dates: &dates {from_day: 0, to_day: null, phase_in_days: 0, zones: null}"
    path = tmp_path / "policy" / "mine.yaml"
    path.write_text(f"{dates}\nmine: {{kind: curb_fee, <<: *dates}}\n", encoding="utf-8")
    check_yaml(path)


def test_links_in_a_circle_and_pipes_end(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "again").symlink_to(tmp_path, target_is_directory=True)
    check_folder(tmp_path)
    os.mkfifo(tmp_path / "policy" / "pipe.yaml")
    with pytest.raises(UsageError, match=r"pipe\.yaml: this is no file that can be read"):
        check_folder(tmp_path)


@pytest.mark.parametrize("content", ["3", "[1, 2]", "mine: 3", "mine: [kind]", "mine: text", "mine: true"])
def test_a_policy_that_is_no_mapping_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine|policy"):
        settings(["city=toy", "policy=mine"], config_dir=tmp_path)
