"""Searches of the stand-in for the largest of the Ishigami function: what they find, refuse and resume."""

import math
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import standin

from galleria.experiments.results import Results, load
from galleria.experiments.run import main
from galleria.experiments.statistics import paired_difference
from galleria.experiments.sweep.command import Command
from galleria.experiments.sweep.execute import execute
from galleria.experiments.sweep.worker import Part

Program = Callable[..., subprocess.CompletedProcess[str]]
Fingerprints = Callable[[Path], dict[str, str]]
RANGES = ("x.one=interval(-3.14,3.14)", "x.two=interval(0,3.14)")
SEARCH = ("design=optimise", "design.objective={y: 1}", "run.replications=4")
HERE = ("hydra/launcher=basic",)


def sweep(*arguments: str) -> int:
    """Run the stand-in in this process."""
    return main(["-m", *arguments, *HERE], model=standin.StandIn(), source=standin.SOURCE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results"


def winner(results: Results) -> dict[str, object]:
    """Return the levels of the winner."""
    plan = results.plan.set_index("point")
    row = plan.loc[[results.provenance["search"]["winner"]]].iloc[0]
    return {key: row[key] for key in plan.columns if key not in {"run_key", "replication"}}


def checked(results: Results, metric: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a measure on the fresh replications: of the winner and of the baseline."""
    table = results.metrics[results.metrics["metric"] == metric].pivot_table(
        index="point", columns="replication", values="value"
    )
    fresh = table.loc[results.provenance["search"]["checked"]].dropna()
    return fresh.to_numpy(float), table.loc[0, fresh.index].to_numpy(float)


def test_the_largest_value_is_found_under_noise_and_checked_on_fresh_replications(folder: Path) -> None:
    noise = ("noise_sd=1", "own_noise_sd=0.5")
    assert sweep(*SEARCH, *RANGES, *noise, f"run.output={folder}") == 0
    results = load(folder)
    found = winner(results)
    # Within a fifth of a radian the function lies at most 0.2 below its largest value, 8.
    assert found["x.one"] == pytest.approx(math.pi / 2, abs=0.3)
    assert found["x.two"] == pytest.approx(math.pi / 2, abs=0.2)
    best, base = checked(results, "y")
    assert len(best) == results.provenance["search"]["check"] == 20
    one, two = (float(str(found[key])) for key in ("x.one", "x.two"))
    gain = math.sin(one) + 7 * math.sin(two) ** 2  # the function is 0 at the baseline
    difference = paired_difference(best, base)
    assert difference.low < gain < difference.high
    # No replication of the search is among those of the check.
    fresh = results.plan.loc[results.plan["point"] == results.provenance["search"]["checked"], "replication"]
    assert fresh.min() == 4
    assert len(results.plan) == (1 + 8 + 4 * 5) * 4 + 2 * 20


def test_limits_are_kept(folder: Path) -> None:
    limits = "design.limits={y_squared: {most: 16}}"
    assert sweep(*SEARCH, *RANGES, "own_noise_sd=0.1", "design.rounds=4", limits, f"run.output={folder}") == 0
    best, _ = checked(load(folder), "y")
    assert best.mean() == pytest.approx(4.0, abs=0.3)


def test_the_smallest_value_is_found_over_choices_and_whole_groups(folder: Path) -> None:
    factors = ("x.two=0,1,2,3", "wave=normal,flat", "design.baseline={wave: normal}", "x.one=interval(-3,3)")
    small = ("design.sense=minimise", "design.points=12", "design.rounds=4")
    assert sweep(*SEARCH, *factors, *small, f"run.output={folder}") == 0
    found = winner(load(folder))
    assert found["x.two"] == 0
    assert found["x.one"] == pytest.approx(-math.pi / 2, abs=0.2)


def test_a_search_of_few_levels_ends_when_all_are_tried(folder: Path) -> None:
    assert sweep(*SEARCH, "x.one=0,1", "x.two=0,1", f"run.output={folder}") == 0
    results = load(folder)
    assert results.provenance["search"]["ended"] == "no further level was left to try"
    assert winner(results) == {"x.one": 1, "x.two": 1}


def test_a_baseline_that_nothing_betters_is_told(folder: Path) -> None:
    assert sweep(*SEARCH, "x.one=0,1", "design.sense=minimise", f"run.output={folder}") == 0
    search = load(folder).provenance["search"]
    assert search["winner"] == 0
    assert search["checked"] is None


def test_limits_that_no_level_keeps_leave_no_winner(folder: Path) -> None:
    limits = "design.limits={y_squared: {least: 1000}}"
    assert sweep(*SEARCH, *RANGES, "design.rounds=2", limits, f"run.output={folder}") == 0
    assert load(folder).provenance["search"]["winner"] is None


def test_failing_levels_are_left_out(folder: Path) -> None:
    assert sweep(*SEARCH, *RANGES, "trouble.fail_above=1.0", f"run.output={folder}") == 1
    results = load(folder)
    assert 0.8 < float(str(winner(results)["x.one"])) <= 1.0


def test_an_interrupted_search_goes_on_to_the_same_bytes(
    tmp_path: Path, standin_program: Program, fingerprints: Fingerprints
) -> None:
    arguments = ("-m", *SEARCH, *RANGES, "own_noise_sd=0.5", "design.rounds=2", "design.check=5", *HERE)
    for after in (10, 30, 20, 14):  # in the first round, the second, the third and the check
        env = {"STANDIN_KILL": str(tmp_path / f"killed{after}"), "STANDIN_KILL_AFTER": str(after)}
        standin_program(*arguments, "run.output=killed", env={**os.environ, **env})
        assert (tmp_path / f"killed{after}").exists()
    assert standin_program(*arguments, "run.output=killed").returncode == 0
    assert standin_program(*arguments, "run.output=whole").returncode == 0
    assert fingerprints(tmp_path / "whole") == fingerprints(tmp_path / "killed")
    assert load(tmp_path / "whole").provenance["search"] == load(tmp_path / "killed").provenance["search"]
    before = fingerprints(tmp_path / "whole")
    assert standin_program(*arguments, "run.output=whole").returncode == 0
    assert fingerprints(tmp_path / "whole") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["design.objective={y_sqared: 1}"], "there is no measure y_sqared; did you mean y_squared?"),
        (["design.limits={yy: {most: 1}}"], "there is no measure yy; did you mean y?"),
        (["design.limits={y: {}}"], "give least, most, or both"),
        (["design.objective={y: 0}"], "design.objective: every weight is 0"),
        (["~design.objective"], "design.objective must be given"),
        (["run.replications=1"], "a search needs at least 2"),
        (["run.replications=auto"], "give a number"),
        (["wave=normal,flat"], "design.baseline.wave: a search starts at the level to be compared with"),
        (["hydra/sweeper=basic"], "cannot do design=optimise"),
    ],
)
def test_what_cannot_be_searched_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert sweep("design=optimise", "design.objective={y: 1}", *RANGES, *arguments, f"run.output={folder}") == 2
    assert words in capsys.readouterr().err
    assert not folder.exists()


def test_a_dry_run_tells_what_can_be_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overrides = (*SEARCH, *RANGES, "design.limits={y_squared: {most: 16}}", f"run.output={folder}")
    command = Command(overrides, multirun=True, source=standin.SOURCE, dry_run=True)
    assert execute(command, standin.StandIn()) == 0
    told = capsys.readouterr().out
    assert "9 points x 4 replications = 36 runs" in told
    assert "156 runs at most" in told
    assert "maximise 1 y" in told
    assert "y_squared has to be at most 16" in told
    in_parts = Command(overrides, multirun=True, source=standin.SOURCE, part=Part(1, 2))
    assert execute(in_parts, standin.StandIn()) == 2
    assert "leave out --part" in capsys.readouterr().err
