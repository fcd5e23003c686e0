"""The table of verification: what holds, what fails, what is skipped, and how it is told."""

import json
import re
from collections.abc import Iterator
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.cli import main
from galleria.experiments.verification.findings import Finding, bound, near, none_of, of_sample, worst
from galleria.experiments.verification.page import page_of
from galleria.experiments.verification.registry import ROWS, row
from galleria.experiments.verification.running import chosen, run_row
from galleria.experiments.verification.suite import SUBJECTS
from galleria.models.errors import UsageError

README = Path(__file__).resolve().parents[3] / "README.md"


@pytest.fixture
def registered() -> Iterator[None]:
    """Leave the registry as it was."""
    before = dict(ROWS._entries)
    yield
    ROWS._entries = before


@pytest.mark.parametrize(
    ("finding", "holds"),
    [
        (near(1.01, 1.0, share=0.02), True),
        (near(1.03, 1.0, share=0.02), False),
        (near(0.97, 1.0, share=0.02), False),
        (near(-1.01, -1.0, share=0.02), True),
        (bound(1.0, "at most", 1.0), True),
        (bound(1.1, "at most", 1.0), False),
        (bound(0.5, "at most", 1.0), True),
        (bound(0.5, "at least", 1.0), False),
        (bound(0.99, "at least", 1.0, share=0.02), True),
        (worst([1.0, 2.0], [1.0, 2.5], by=0.4), False),
        (worst([], [], by=0.4), False),
        (none_of([False, False]), True),
        (none_of([False, True]), False),
        (none_of([]), False),
        (Finding(nan, 0.0, 1.0), False),
        (Finding(inf, 0.0, 1.0, side="at least"), False),
        (of_sample([0.9, 1.1] * 50, 1.0), True),
        (of_sample([0.9, 1.1] * 50, 1.05), False),
    ],
)
def test_what_holds(finding: Finding, holds: bool) -> None:  # noqa: FBT001
    assert finding.holds == holds


def test_a_mean_that_could_be_anything_proves_nothing() -> None:
    with pytest.raises(ValueError, match="draw more"):
        of_sample(np.array([0.0, 2.0, 1.0]), 1.0)


@pytest.mark.usefixtures("registered")
def test_rows_that_fail_break_or_lack_data_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GALLERIA_DATA", raising=False)

    @row("T1", "here", cases={"wrong": {"value": 2.0}, "right $": {"value": 1.0}})
    def compared(value: float) -> Finding:
        """One number."""
        return near(value, 1.0)

    @row("T2", "here")
    def broken() -> Finding:
        """Break off."""
        raise ZeroDivisionError("by nothing")

    @row("T3", "here", data="far")
    def with_data(data: Path) -> Finding:
        """Files in a folder."""
        return near(len(list(data.iterdir())), 0.0)

    assert [run_row(name, None).verdict for name in ("T1.wrong", "T1.right", "T2", "T3")] == [
        "fails",
        "holds",
        "error",
        "skipped",
    ]
    (tmp_path / "far").mkdir()
    assert run_row("T3", tmp_path).verdict == "holds"
    asked = ["verify", "--workers", "1", "--only", "T1", "--only", "T2", "--only", "T3", "--json"]
    assert main(asked) == 1
    told = {line["id"]: line for line in json.loads(capsys.readouterr().out)}
    assert told["T2"]["remark"] == "ZeroDivisionError: by nothing"
    assert told["T2"]["estimate"] is None
    assert "--data" in told["T3"]["remark"]
    assert main(["verify", "--workers", "1", "--only", "T1.right", "--page", str(tmp_path / "page.md")]) == 0
    assert "| `T1.right` | One number: right $ | here |" in (tmp_path / "page.md").read_text()
    with pytest.raises(ValueError, match="already"):
        row("T2", "here")(broken)


def test_rows_are_found_by_name_beginning_and_subject() -> None:
    assert {each.id for each in chosen(["M3.rate"], quick=True)} == {"M3.rate.10.5", "M3.rate.11.55", "M3.rate.13.5"}
    assert {each.id for each in chosen(["queues"], quick=False)} > {"Q2.1-picker"}
    assert len(chosen([], quick=True)) < len(chosen([], quick=False)) == len(ROWS.values())
    with pytest.raises(UsageError, match=r"did you mean M3\.rate"):
        chosen(["M3.rates"], quick=False)


def test_every_row_says_what_it_compares_where() -> None:
    subjects = {module.__name__.rpartition(".")[2] for module in SUBJECTS}
    for each in ROWS.values():
        assert re.fullmatch(r"[A-Za-z0-9.-]+", each.id), each.id
        assert len(each.what) > 15, each.id
        assert each.regime, each.id
        assert each.subject in subjects


def test_the_page_has_a_line_a_row() -> None:
    lines = [run_row(name, None) for name in ("M3.rate.10.5", "M2.symmetric.2-firms")]
    text = page_of(lines, "galleria", 1.0)
    assert "2 rows: 2 holds; 1 s" in text
    assert text.count("| holds |") == 2


def test_the_readme_tells_how_many_rows_there_are() -> None:
    said = re.search(r"in (\d+) rows", README.read_text(encoding="utf-8"))
    assert said is not None
    assert int(said[1]) == len(ROWS.values())


def test_the_page_in_docs_has_all_rows_and_none_that_failed() -> None:
    """If this fails: galleria verify --data FOLDER --page docs/verification.md."""
    page = (README.parent / "docs" / "verification.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([^`]+)` ", page, flags=re.MULTILINE)) == set(ROWS)
    assert not re.search(r"\| (fails|error|skipped) \|", page)
