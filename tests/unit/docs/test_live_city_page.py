"""The page of the live city: its code runs, and it names every ending that a replay may have."""

import re
from pathlib import Path

import pytest

from galleria.experiments.view.film import FILMS
from galleria.experiments.view.trips import WRITERS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "live_city.md").read_text(encoding="utf-8")


def test_the_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(block, "docs/live_city.md", "exec"), {})  # noqa: S102 (our own page)
    assert {path.name for path in tmp_path.iterdir()} == {"at_one.png", "at_one.html"}


def test_every_ending_is_named() -> None:
    for ending in (".html", *FILMS, *WRITERS):
        assert f"{ending}`" in PAGE, ending
