"""Sweeps of the stand-in through every sweeper and launcher, resumed, refused, failing and interrupted."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import standin

from galleria.experiments.commands.merge import merge_folders
from galleria.experiments.commands.power import needed
from galleria.experiments.commands.report import rebuild
from galleria.experiments.commands.status import state_of
from galleria.experiments.design.compose import composer
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.results import load
from galleria.experiments.results.folder import Folder
from galleria.experiments.run import main
from galleria.experiments.sweep.command import Command, hydra_call
from galleria.experiments.sweep.execute import execute
from galleria.experiments.sweep.worker import Part
from galleria.models.errors import UsageError

Program = Callable[..., subprocess.CompletedProcess[str]]
Fingerprints = Callable[[Path], dict[str, str]]
GRID = ("x.one=0,1,2", "x.two=0.1,0.2", "noise_sd=0.5", "run.replications=3")
HERE = ("hydra/launcher=basic",)


def sweep(*arguments: str) -> int:
    """Run the stand-in in this process."""
    return main(["-m", *arguments], model=standin.StandIn(), source=standin.SOURCE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results"


def test_every_sweeper_and_launcher_gives_the_same_bytes(
    tmp_path: Path, standin_program: Program, fingerprints: Fingerprints
) -> None:
    found = []
    for name, sweeper, launcher in (
        ("a", "basic", "basic"),
        ("b", "basic", "joblib"),
        ("c", "galleria", "basic"),
        ("d", "galleria", "joblib"),
        ("e", "galleria", "submitit_local"),
    ):
        done = standin_program(
            "-m", *GRID, f"hydra/sweeper={sweeper}", f"hydra/launcher={launcher}", f"run.output={name}"
        )
        assert done.returncode == 0, done.stderr
        assert "18 runs done, 0 failed" in done.stdout
        found.append(fingerprints(tmp_path / name))
    assert all(digests == found[0] for digests in found)


def test_the_folder_holds_what_the_contract_says_and_nothing_else(folder: Path) -> None:
    assert sweep(*GRID, *HERE, f"run.output={folder}") == 0
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "config.yaml",
        "metrics.parquet",
        "plan.parquet",
        "provenance.json",
        "report/index.html",
        "runs.parquet",
        "summary.csv",
        "summary.parquet",
        "tables/orders/00000.parquet",
    ]
    results = load(folder)
    assert list(results.plan.columns) == ["run_key", "point", "replication", "x.one", "x.two"]
    assert list(results.runs.columns) == ["run_key", "point", "replication", "seed", "status", "seconds", "error"]
    assert list(results.metrics.columns) == ["run_key", "point", "replication", "metric", "unit", "value"]
    assert len(results.metrics) == 18 * 2
    assert results.table("orders").groupby("run_key").size().tolist() == [3] * 18
    assert results.provenance["baseline_point"] == 0
    assert results.config["noise_sd"] == 0.5


def test_a_sweep_without_a_named_folder_finds_its_own_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("x.one=0,1", *HERE) == 0
    first = capsys.readouterr().out.splitlines()[-1]
    assert sweep("x.one=0,1", *HERE) == 0
    assert capsys.readouterr().out.splitlines()[-1] == first
    assert sweep("x.one=0,2", *HERE) == 0
    assert capsys.readouterr().out.splitlines()[-1] != first
    assert len(list((folder.parent / "outputs" / "standin").iterdir())) == 2


def test_a_single_point_gets_a_folder_of_its_own_each_time(folder: Path) -> None:
    for _ in range(2):
        assert main(["run.replications=1"], model=standin.StandIn(), source=standin.SOURCE) == 0
    made = list((folder.parent / "outputs" / "standin").iterdir())
    assert [len(load(path).runs) for path in made] == [1, 1]


def test_failing_runs_are_rows_and_the_rest_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("x.one=0,1,2", *HERE, f"run.output={folder}")
    assert sweep(*arguments, "trouble.fail_above=1.5") == 1
    runs = load(folder).runs
    assert runs["status"].tolist() == ["done"] * 4 + ["failed"] * 2
    assert runs["error"].tolist() == [""] * 4 + ["ValueError: x.one is 2.0"] * 2
    assert set(load(folder).metrics["point"]) == {0, 1}
    key = runs["run_key"].iloc[-1]
    assert "raise ValueError" in (folder / ".work" / "tracebacks" / f"{key}.txt").read_text(encoding="utf-8")
    assert "2 runs failed" in capsys.readouterr().err


def test_a_killed_worker_is_replaced(tmp_path: Path, standin_program: Program, fingerprints: Fingerprints) -> None:
    whole = standin_program("-m", *GRID, "hydra/sweeper=galleria", "run.output=whole")
    killed = standin_program(
        "-m", *GRID, "hydra/sweeper=galleria", "run.output=killed", env={"STANDIN_KILL": str(tmp_path / "victim")}
    )
    assert (tmp_path / "victim").exists()
    assert (whole.returncode, killed.returncode) == (0, 0), killed.stderr
    assert fingerprints(tmp_path / "whole") == fingerprints(tmp_path / "killed")


def test_a_killed_sweep_goes_on_where_it_was(
    tmp_path: Path, standin_program: Program, fingerprints: Fingerprints
) -> None:
    arguments = ("-m", *GRID, "trouble.nap_s=0.1", "hydra/sweeper=galleria", "hydra/launcher=basic")
    victim = str(tmp_path / "victim")
    killed = standin_program(*arguments, "run.output=killed", env={"STANDIN_KILL": victim, "STANDIN_KILL_AFTER": "5"})
    assert killed.returncode == -9
    done_before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "killed/.work/runs").iterdir()}
    assert len(done_before) == 5
    assert standin_program(*arguments, "run.output=killed").returncode == 0
    assert standin_program(*arguments, "run.output=whole").returncode == 0
    assert fingerprints(tmp_path / "whole") == fingerprints(tmp_path / "killed")


def test_an_altered_run_is_told_and_done_again(
    folder: Path, capsys: pytest.CaptureFixture[str], fingerprints: Fingerprints
) -> None:
    arguments = ("x.one=0,1,2", *HERE)
    assert sweep(*arguments, f"run.output={folder}", "trouble.fail_above=1.5") == 1
    altered = next((folder / ".work" / "runs").glob("*.done"))
    altered.write_bytes(altered.read_bytes().replace(b"y_squared", b"y_sqkared"))
    before = fingerprints(folder)
    assert sweep(*arguments, f"run.output={folder}", "trouble.fail_above=1.5") == 1
    assert f"the file of run {altered.stem} was altered" in capsys.readouterr().err
    assert fingerprints(folder) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x.one=0,3"], "belongs to another plan (x.one has other values)"),
        (["x.one=0,1", "run.seed=5"], "its seed is 1, this is 5"),
        (["x.one=0,1", "run.replications=5"], "its replications is 2, this is 5"),
        (["x.one=0,1", "wave=flat"], "other settings were changed"),
    ],
)
def test_a_folder_of_another_plan_is_refused_and_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], fingerprints: Fingerprints, arguments: list[str], words: str
) -> None:
    assert sweep("x.one=0,1", *HERE, f"run.output={folder}") == 0
    before = fingerprints(folder)
    assert sweep(*arguments, *HERE, f"run.output={folder}") == 2
    assert words in capsys.readouterr().err
    assert fingerprints(folder) == before


def test_results_of_another_version_of_the_model_are_not_mixed_in(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sweep("x.one=0,1", *HERE, f"run.output={folder}") == 0
    monkeypatch.setenv("STANDIN_VERSION", "stand-in 2")
    assert sweep("x.one=0,1", *HERE, f"run.output={folder}") == 2
    assert "made by version stand-in 1 of the model, this is stand-in 2" in capsys.readouterr().err


def test_a_folder_with_other_things_in_it_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    (folder / "thesis.tex").touch()
    assert sweep("x.one=0,1", *HERE, f"run.output={folder}") == 2
    assert "holds no results (thesis.tex)" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("place", ["/proc/galleria", "/dev/null/results"])
def test_a_folder_that_cannot_be_written_is_told(place: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("x.one=0,1", *HERE, f"run.output={place}") == 2
    assert f"run.output = {place}" in capsys.readouterr().err
    assert not folder.exists()


def test_bad_input_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("x.one=0,9", "x.tow=3", f"run.output={folder}") == 2
    assert capsys.readouterr().err.startswith("galleria: 2 problems:")
    assert list(folder.parent.iterdir()) == []


def test_of_two_sweeps_of_one_folder_at_once_the_second_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Folder(folder).locked():
        assert sweep("x.one=0,1,2", *HERE, f"run.output={folder}") == 2
        assert "another sweep works in it" in capsys.readouterr().err
    assert sweep("x.one=0,1,2", *HERE, f"run.output={folder}") == 0


def test_hydra_shows_the_configuration_itself(folder: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "galleria.experiments.run", "--cfg", "job", "--package", "run"],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder.parent,
    )
    assert "replications: 1" in shown.stdout


def test_tables_follow_the_plan_not_the_order_of_work(folder: Path) -> None:
    assert sweep(*GRID, *HERE, "hydra/sweeper=galleria", f"run.output={folder}") == 0
    results = load(folder)
    for frame in (results.runs, results.table("orders").drop_duplicates("run_key")):
        pd.testing.assert_series_equal(
            frame["run_key"].reset_index(drop=True), results.plan["run_key"], check_names=False
        )


def test_replications_are_added_until_the_measures_are_known(folder: Path, fingerprints: Fingerprints) -> None:
    asks = ("noise_sd=1", "run.replications=auto", "experiment.stopping.most=30", *HERE)
    alone = (*asks, "experiment.stopping.metrics={y: {absolute: 0.4}}", f"run.output={folder}")
    assert sweep(*alone) == 0
    stopping = load(folder).provenance["stopping"]
    assert stopping["stopped"]
    assert stopping["replications"] == len(load(folder).runs) == load(folder).config["run"]["replications"]
    assert 10 <= stopping["replications"] <= 30
    before = fingerprints(folder)
    assert sweep(*alone) == 0
    assert fingerprints(folder) == before
    # Differences between points cancel the noise they share: the fewest replications are enough.
    assert sweep(*asks, "x.one=0,1", f"run.output={folder}_differences") == 0
    assert load(Path(f"{folder}_differences")).provenance["stopping"]["replications"] == 10


@pytest.mark.parametrize(("points", "by"), [(50, []), (51, ["hydra/sweeper=galleria"])])
def test_many_points_are_not_composed_one_by_one(points: int, by: list[str]) -> None:
    overrides = (f"x.one={','.join(str(number / 100) for number in range(points))}",)
    with composer(standin.SOURCE) as composing:
        request = parse(overrides, composing)
        plan = plan_design(request, composing, standin.StandIn())
        call = hydra_call(Command(overrides, multirun=True, source=standin.SOURCE), request, plan, composing)
    assert [text for text in call.overrides if text.startswith("hydra/sweeper")] == by


def test_hydras_own_sweeper_does_what_it_can_and_says_what_it_cannot(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Path("own/experiment/grid.yaml")
    own.parent.mkdir(parents=True)
    own.write_text(
        "# @package _global_\ndesign:\n  factors:\n    x.one: [0, 1]\n    wave: [normal, flat]\n", encoding="utf-8"
    )
    arguments = ("hydra/sweeper=basic", *HERE, f"run.output={folder}")
    source = standin.SOURCE
    with_own = [f"hydra.searchpath=[file://{own.parent.parent.resolve()}]", "+experiment=grid"]
    assert main(["-m", *with_own, *arguments], model=standin.StandIn(), source=source) == 0
    assert len(load(folder).plan["point"].unique()) == 4
    assert sweep("design=zip", "x.one=0,1", *arguments) == 2
    assert "cannot do design=zip" in capsys.readouterr().err
    assert sweep("run.replications=auto", *arguments) == 2
    assert "cannot do run.replications=auto" in capsys.readouterr().err


def test_parts_done_on_several_machines_are_merged(
    folder: Path, capsys: pytest.CaptureFixture[str], fingerprints: Fingerprints
) -> None:
    def part(number: int) -> Path:
        place = folder.parent / f"part{number}"
        overrides = (*GRID, *HERE, "hydra/sweeper=galleria", f"run.output={place}")
        command = Command(overrides, multirun=True, source=standin.SOURCE, part=Part(number, 3))
        assert execute(command, standin.StandIn()) == 0
        return place

    parts = [Folder(part(number)) for number in (1, 2, 3)]
    assert "Part 3 of 3 is done" in capsys.readouterr().out
    assert merge_folders(parts[:2], Folder(folder.parent / "some"), standin.StandIn()) == 1
    assert "6 of 18 runs are in none of the folders" in capsys.readouterr().err
    assert merge_folders(parts, Folder(folder.parent / "merged"), standin.StandIn()) == 0
    assert sweep(*GRID, *HERE, f"run.output={folder}") == 0
    assert fingerprints(folder.parent / "merged") == fingerprints(folder)
    assert sweep("x.one=0,1", *HERE, "trouble.fail_above=0.5", f"run.output={folder.parent / 'other'}") == 1
    with pytest.raises(UsageError, match="only folders of one plan"):
        merge_folders([parts[0], Folder(folder.parent / "other")], Folder(folder.parent / "mixed"), standin.StandIn())


def test_failed_runs_are_done_again_when_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overrides = ("x.one=0,1,2", *HERE, f"run.output={folder}")
    monkeypatch.setenv("STANDIN_BROKEN", "1")
    assert sweep(*overrides) == 1
    monkeypatch.delenv("STANDIN_BROKEN")
    assert sweep(*overrides) == 1
    assert set(load(folder).runs["status"]) == {"failed"}
    command = Command(overrides, multirun=True, source=standin.SOURCE, retry_failed=True)
    assert execute(command, standin.StandIn()) == 0
    assert set(load(folder).runs["status"]) == {"done"}
    assert not (folder / ".work").exists()


def test_status_can_be_asked_from_anywhere(folder: Path) -> None:
    assert sweep("x.one=0,1,2", *HERE, "trouble.fail_above=1.5", f"run.output={folder}") == 1
    assert state_of(Folder(folder)) == "standin: finished; 4 of 6 runs done, 2 failed, 0 to do"
    next((folder / ".work" / "runs").glob("*.done")).unlink()
    assert "stopped; 3 of 6 runs done, 2 failed, 1 to do" in state_of(Folder(folder))
    with Folder(folder).locked():
        assert "running; 3 of 6 runs done" in state_of(Folder(folder))


def test_the_report_of_an_unfinished_sweep_is_of_what_is_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("x.one=0,1,2", *HERE, "trouble.fail_above=1.5", f"run.output={folder}") == 1
    next((folder / ".work" / "runs").glob("*.done")).unlink()
    capsys.readouterr()
    assert rebuild(Folder(folder), standin.StandIn()) == 1
    told = capsys.readouterr()
    assert "1 of 6 runs are missing; the report is of the others" in told.err
    assert "3 runs done, 2 failed" in told.out
    assert (folder / ".work").exists()


def test_an_altered_table_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("x.one=0,1", *HERE, f"run.output={folder}") == 0
    table = folder / "metrics.parquet"
    table.write_bytes(table.read_bytes()[:-1])
    assert rebuild(Folder(folder), standin.StandIn()) == 0
    assert "metrics.parquet is not as it was written" in capsys.readouterr().err


def test_power_is_that_of_the_paired_differences(folder: Path) -> None:
    assert sweep("x.one=0,1,2", "noise_sd=1", "run.replications=5", *HERE, f"run.output={folder}") == 0
    found = needed(Folder(folder), "y_squared", 0.5, 0.8)
    assert list(found.columns) == ["point", "x.one", "pairs", "sd_of_difference", "replications_needed"]
    assert found["point"].tolist() == [1, 2]
    with pytest.raises(UsageError, match="did you mean y_squared"):
        needed(Folder(folder), "y_sqared", 0.5, 0.8)
