"""`galleria new`: what it writes runs as it stands, by the command it prints, from a folder outside the repository."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from galleria.experiments.new import ASKS
from galleria.experiments.results import Results, load

QUIET = ["run.replications=2", "run.output=out", "--quiet"]
"""Overrides by which a command says nothing and its folder is known."""


def _mean(results: Results, metric: str) -> list[float]:
    """Return the mean at each point."""
    rows = results.summary[results.summary.metric == metric]
    return [float(value) for value in rows.sort_values("point")["mean"]]


def _pays_more(results: Results) -> bool:
    before, after = _mean(results, "driver_gross_usd_per_online_h")
    return after > before


def _drawn(results: Results) -> bool:
    return len(list(results.folder.rglob("*mine*.png"))) == 1


SHOWS: dict[str, Callable[[Results], bool]] = {
    "policy": _pays_more,
    "courier": lambda results: _mean(results, "share_mine")[-1] > 0,  # not a number where it is not in the market
    "dispatch": lambda results: len(set(_mean(results, "delivery_min_mean"))) == 2,
    "measure": lambda results: min(_mean(results, "mine")) > 0,
    "figure": _drawn,
    "experiment": lambda results: len(set(_mean(results, "delivery_min_mean"))) == 2,
}
"""What is to be seen in the results of each kind."""


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_kind_is_tried() -> None:
    assert set(SHOWS) == set(ASKS)


@pytest.mark.parametrize("kind", SHOWS)
def test_a_skeleton_runs_in_a_sweep(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The measure's sweep uses worker processes, which must find it too."""
    assert main(["new", kind, "mine", "--into", "own lab"]) == 0
    written = [path for path in Path("own lab").rglob("*") if path.is_file()]
    assert 0 < sum(len(path.read_text(encoding="utf-8").splitlines()) for path in written) < 40
    words = shlex.split(capsys.readouterr().out.splitlines()[-1].removeprefix("run it: "))
    launcher = ["hydra.launcher.n_jobs=2"] if kind == "measure" else ["hydra/launcher=basic"]
    call = [sys.executable, "-m", "galleria.experiments.cli", *words[1:], *QUIET, *launcher]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = load("out")
    assert len(results.runs) == 4
    assert SHOWS[kind](results)


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("policy", "commission_cap", "the name commission_cap is taken by another policy"),
        ("courier", "usps", "the name usps is taken by another courier"),
        ("dispatch", "lap", "the name lap is taken by another dispatch"),
        ("measure", "welfare_usd", "the name welfare_usd is taken by another measure"),
        ("figure", "lorenz", "the name lorenz is taken by another figure"),
        ("experiment", "effects", "the name effects is taken by another experiment"),
        ("policy", "Night-Bonus", "a name has small letters"),
        ("policy", "class", "is no word of Python"),
        ("court", "mine", "is not one of"),
    ],
)
def test_a_name_that_cannot_be_is_refused(kind: str, name: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", kind, name, "--into", "own"]) == 2
    assert told in capsys.readouterr().err
    assert not Path("own").exists()


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "measure", "mine", "--into", "own"]) == 0
    Path("own/mine.py").write_text("# my own work\n", encoding="utf-8")
    assert main(["new", "dispatch", "mine", "--into", "own"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert Path("own/mine.py").read_text(encoding="utf-8") == "# my own work\n"


def test_a_folder_of_yaml_runs_no_python() -> None:
    """Whoever sends YAML cannot run code: only --plugins imports."""
    own = Path("own")
    own.mkdir()
    (own / "trap.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    call = [sys.executable, "-m", "galleria.experiments.cli", "sweep", "--config-dir", "own", "city=toy", "--dry-run"]
    assert subprocess.run(call, capture_output=True, check=False).returncode == 0
    assert subprocess.run([*call, "--plugins", "own"], capture_output=True, check=False).returncode == 7
