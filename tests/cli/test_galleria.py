"""The command `galleria`: help, exit codes, and one readable paragraph for whatever is wrong."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.cli import main

SMALL = ("city=toy", "customers.occasions_per_household_day=0.5", "hydra/launcher=basic")
DATA = Path(os.environ.get("GALLERIA_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "here"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def fails(capsys: Out) -> Callable[..., str]:
    """Run a command that must not start; return its one paragraph."""

    def run(*arguments: str) -> str:
        assert main(arguments) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert "Traceback" not in told.err
        assert list(Path.cwd().iterdir()) == []
        return told.err

    return run


@pytest.mark.parametrize("command", ["run", "sweep", "report", "status", "query", "compare", "merge", "power"])
def test_every_command_explains_itself_with_an_example(command: str, capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"galleria {command} " in capsys.readouterr().out.split("examples:")[1]


def test_help_answers_at_once() -> None:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "experiments.cli", "--help"], check=True, capture_output=True)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("arguments", [["fly"], ["run", "--fast"], ["status"], ["sweep", "--part", "3/2"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["drivers.poool=5"], "did you mean drivers.pool?"),
        (["drivers.pool=many"], "drivers.pool = many: must be a whole number"),
        (["drivers.pool=-5"], "drivers.pool = -5 is out of range"),
        (["retailers.opt_in.share=1.5"], "retailers.opt_in.share = 1.5 is out of range"),
        (["customers.observed_share.none=0.9"], "sum to"),
        (["policy=nonee"], "policy=nonee: there is no such choice; did you mean none?"),
        (["experiment=driver_supply"], "experiment=driver_supply: there is no such choice"),
        (["city=file", "city.path=nowhere.graphml"], "nowhere.graphml"),
        (["--config-dir", "nowhere"], "there is no such folder"),
    ],
)
@pytest.mark.parametrize("command", ["run", "sweep"])
def test_bad_input_is_one_paragraph_and_writes_nothing(
    fails: Callable[..., str], command: str, arguments: list[str], words: str
) -> None:
    assert words in fails(command, *arguments)


def test_several_problems_are_told_at_once(fails: Callable[..., str]) -> None:
    told = fails("sweep", "drivers.pool=100,-5", "drivers.poool=7", "run.days=0", "policy=nonee")
    assert told.startswith("galleria: 4 problems:")


def test_a_file_that_is_no_graphml(fails: Callable[..., str], tmp_path: Path) -> None:
    page = tmp_path / "page.graphml"
    page.write_text("<html><body>404</body></html>", encoding="utf-8")
    assert str(page) in fails("run", "city=file", f"city.path={page}")


@pytest.mark.parametrize("command", [["status"], ["report"], ["query", "SELECT 1"]])
def test_a_folder_without_results_is_told(fails: Callable[..., str], command: list[str]) -> None:
    assert "is not a results folder" in fails(command[0], str(Path.cwd()), *command[1:])


def test_a_run_leaves_results_that_can_be_asked(capsys: Out) -> None:
    assert main(["run", *SMALL, "run.output=toy"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Report: {Path.cwd() / 'toy/report/index.html'}"
    assert main(["status", "toy"]) == 0
    assert "finished; 1 of 1 runs done, 0 failed, 0 to do" in capsys.readouterr().out
    assert main(["query", "toy", "SELECT count(*) AS runs FROM runs WHERE status = 'done'", "--csv"]) == 0
    assert capsys.readouterr().out == "runs\n1\n"
    assert main(["query", "toy", "SELECT nothing FROM nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
    page = Path("toy/report/index.html")
    page.unlink()
    assert main(["report", "toy"]) == 0
    assert page.exists()


def test_a_dry_run_shows_the_plan_with_its_time_and_writes_nothing(capsys: Out) -> None:
    assert main(["sweep", "experiment=driver_supply_x_opt_in", "city=toy", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "25 points x 4 replications = 100 runs" in told
    assert re.search(r"about \d+ (s|min|h) with \d+ workers", told)
    assert list(Path.cwd().iterdir()) == []


def test_results_are_compared_pair_by_pair(capsys: Out) -> None:
    for name, pool in (("a", 3), ("b", 6)):
        assert main(["run", *SMALL, f"drivers.pool={pool}", "run.replications=3", f"run.output={name}", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["compare", "a", "b", "--metric", "orders_placed", "--csv"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    compared = dict(zip(header.split(","), row.split(","), strict=True))
    assert (compared["metric"], compared["paired"], compared["n_a"]) == ("orders_placed", "True", "3")
    assert float(compared["diff"]) == pytest.approx(float(compared["mean_b"]) - float(compared["mean_a"]))
    assert compared["boot_ci_low"] == "", "three pairs are too few to resample"
    assert main(["compare", "a", "b", "--metric", "orders_placed"]) == 0
    assert "95 %" in capsys.readouterr().out
    assert main(["compare", "a", "b", "--metric", "orders_plced"]) == 2
    assert "did you mean orders_placed?" in capsys.readouterr().err


def test_a_sweep_is_the_same_by_hydra_and_by_the_command(capsys: Out) -> None:
    grid = ("drivers.pool=3,6", "retailers.opt_in.share=0.2,0.8", *SMALL)
    assert main(["sweep", *grid, "run.output=a", "--quiet"]) == 0
    plain = [sys.executable, "-m", "experiments.run", "-m", *grid, "run.output=b"]
    subprocess.run(plain, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    for name in ("plan.parquet", "metrics.parquet", "summary.parquet", "config.yaml"):
        assert Path("a", name).read_bytes() == Path("b", name).read_bytes()
    assert capsys.readouterr().out.startswith("Report: ")


def test_a_researchers_own_folder_of_settings_joins(capsys: Out) -> None:
    own = Path("own/experiment/mine.yaml")
    own.parent.mkdir(parents=True)
    own.write_text("# @package _global_\nexperiment:\n  name: mine\ndrivers:\n  pool: 7\n", encoding="utf-8")
    assert main(["run", "--config-dir", "own", "experiment=mine", *SMALL]) == 0
    made = next(Path("outputs/mine").iterdir())
    assert json.loads((made / "provenance.json").read_text(encoding="utf-8"))["experiment"] == "mine"
    assert "pool: 7" in (made / "config.yaml").read_text(encoding="utf-8")
    capsys.readouterr()


@pytest.mark.skipif(not (DATA / "city-las-vegas").is_dir(), reason=f"no city-las-vegas in {DATA} (GALLERIA_DATA)")
def test_a_day_on_a_real_road_graph(capsys: Out) -> None:
    city = DATA / "city-las-vegas"
    arguments = [f"city.path={city / 'graph.graphml.gz'}", f"city.malls={city / 'malls.csv'}"]
    assert main(["run", "city=file", *arguments, "run.days=1", "run.output=vegas"]) == 0
    assert "1 runs done, 0 failed" in capsys.readouterr().out
