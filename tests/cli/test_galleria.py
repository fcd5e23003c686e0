"""The command `galleria`: help, exit codes, and one readable paragraph for whatever is wrong."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pandas as pd
import pytest

from galleria.experiments.cli import galleria, main
from galleria.experiments.commands.tables import print_table
from galleria.experiments.results import load
from galleria.experiments.run import main as hydra_main

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


def every_command(group: click.Group, *before: str) -> Iterator[list[str]]:
    """List all commands, and those of groups."""
    for name, command in group.commands.items():
        yield [*before, name]
        if isinstance(command, click.Group):
            yield from every_command(command, *before, name)


@pytest.mark.parametrize("command", [[], *every_command(galleria)], ids=" ".join)
def test_every_command_explains_itself_with_an_example_on_80_columns(command: list[str], capsys: Out) -> None:
    assert main([*command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"{' '.join(['galleria', *command])}" in told.split("examples:")[1]
    assert [line for line in told.splitlines() if len(line) > 80] == []


def test_help_answers_at_once() -> None:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "galleria.experiments.cli", "--help"], check=True, capture_output=True)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("arguments", [["fly"], ["run", "--fast"], ["status"], ["sweep", "--part", "3/2"]])
def test_wrong_usage_exits_with_2(fails: Callable[..., str], arguments: list[str]) -> None:
    assert len(fails(*arguments).splitlines()) == 1


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
        (["--config-name", "nothing"], "there is no nothing.yaml"),
        (["hydra.run.dir=elsewhere"], "hydra.run.dir: results stand in run.output"),
        (["hydra.sweep.dir=elsewhere"], "hydra.sweep.dir: results stand in run.output"),
        (["hydra.job.chdir=true"], "hydra.job.chdir: paths in settings are read from the folder you call from"),
        (["+experiment=x1_entry"], "+experiment=x1_entry: experiment is chosen already; leave out the +"),
        (["hydra/sweeper=optuna"], "hydra/sweeper=optuna: a sweep is planned before it runs"),
        (["--cfg", "job", "--package", "polcy"], "--package polcy: there is no such key; did you mean policy?"),
        (["--cfg", "job", "~policy", "--package", "policy"], "--package policy: there is no such key"),
        (["--resolve"], "give --cfg job as well"),
        (["--package", "policy"], "give --cfg job as well"),
        (["--info", "default"], "'default' is not one of 'all', 'config', 'defaults'"),
        (["policy.min_pay_nyc_hourly.usd_per_h=19"], "there is no such key here; policy=min_pay_nyc_hourly has it"),
    ],
)
@pytest.mark.parametrize("command", ["run", "sweep"])
def test_bad_input_is_one_paragraph_and_writes_nothing(
    fails: Callable[..., str], command: str, arguments: list[str], words: str
) -> None:
    assert words in fails(command, *arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "-m"], "galleria sweep does what Hydra's --multirun does"),
        (
            ["sweep", "-m", "drivers.pool=interval(3,6)"],
            "drivers.pool: this design needs a list of values, not a range",
        ),
        (["swep"], "Did you mean 'sweep'?"),
        (["city", "gt"], "Did you mean 'get'?"),
    ],
)
def test_what_was_meant_is_told(fails: Callable[..., str], arguments: list[str], words: str) -> None:
    assert words in fails(*arguments)


def test_hydras_own_program_ends_as_the_command_does(capsys: Out) -> None:
    for arguments in (["--resolve"], ["--info", "default"], ["--cfg", "job", "-p", "polcy"], ["hydra/sweeper=optuna"]):
        assert hydra_main(arguments) == 2
    assert capsys.readouterr().out == ""


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


def test_options_and_overrides_come_in_any_order(capsys: Out) -> None:
    assert main(["sweep", "drivers.pool=3,6", "--dry-run", *SMALL]) == 0
    assert "2 points x 1 replications" in capsys.readouterr().out
    assert main(["run", "--cfg", "job", "drivers.pool=60", "--package", "drivers.pool", "city=toy"]) == 0
    assert capsys.readouterr().out == "60\n"
    assert main(["run", "city=toy", "--debug", "--cfg=hydra", "-p", "hydra.job.chdir"]) == 0
    assert capsys.readouterr().out == "False\n"


def test_an_empty_question_is_told_and_asks_for_nothing(capsys: Out) -> None:
    assert main(["run", *SMALL, "run.output=toy", "--quiet"]) == 0
    for sql in ("", " "):
        assert main(["query", "toy", sql]) == 2
        assert "this asks for nothing; there are the tables metrics, plan, runs, summary" in capsys.readouterr().err


def test_a_table_too_wide_for_a_terminal_is_written_in_blocks(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = pd.DataFrame({f"column_{i}": [i, 10 * i] for i in range(12)})
    print_table(wide, csv=False)
    assert len(capsys.readouterr().out.strip().splitlines()) == 2 + 2, "a pipe cuts nothing"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    print_table(wide, csv=False)
    out = capsys.readouterr().out
    assert "column_11  110" in out
    assert max(map(len, out.splitlines())) <= 80


def test_shells_complete_keys_and_choices(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    def completed(words: str, at: int) -> list[str]:
        monkeypatch.setenv("_GALLERIA_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(at))
        with pytest.raises(SystemExit):
            main([])
        return [line.partition(",")[2] for line in capsys.readouterr().out.splitlines()]

    assert "sweep" in completed("galleria s", 1)
    assert "drivers.pool=" in completed("galleria run drivers.po", 2)
    assert "policy=min_pay_seattle" in completed("galleria run policy=min_p", 2)
    assert "min_pay_seattle" in completed("galleria run policy = min_p", 4), "bash takes = for the end of a word"
    assert "--dry-run" in completed("galleria sweep --dr", 2)


def test_no_policy_against_a_policy_at_a_value_of_ones_own(capsys: Out) -> None:
    own = ("policy=none,min_pay_nyc_hourly", "policy.min_pay_nyc_hourly.usd_per_h=19.96")
    assert main(["sweep", *own, *SMALL, "run.output=a", "--quiet"]) == 0
    assert load("a").plan["policy"].tolist() == ["none", "min_pay_nyc_hourly"]
    assert main(["sweep", *own, *SMALL, "hydra/sweeper=basic"]) == 2
    assert "cannot set policy.min_pay_nyc_hourly.usd_per_h only where it is" in capsys.readouterr().err


def test_several_policies_at_once_are_one_level_or_held(capsys: Out) -> None:
    several = "min_pay_nyc_hourly+pass_through"
    assert main(["sweep", f"policy=none,{several}", *SMALL, "run.output=a", "--quiet"]) == 0
    assert load("a").plan["policy"].tolist() == ["none", several]
    arguments = ("experiment=x5_minimum_pay", f"policy={several}", "run.output=b", "--dry-run", *SMALL)
    assert main(["sweep", *arguments]) == 0
    assert f"policy: {several}" in capsys.readouterr().out
    assert main(["run", f"policy={several}", *SMALL, "run.output=c", "--quiet"]) == 0
    assert set(load("c").config["policy"]) == {"min_pay_nyc_hourly", "pass_through"}


def test_a_dry_run_shows_the_plan_with_its_time_and_writes_nothing(capsys: Out) -> None:
    assert main(["sweep", "experiment=driver_supply_x_opt_in", "city=toy", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "9 points x 15 replications = 135 runs" in told
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
    plain = [sys.executable, "-m", "galleria.experiments.run", "-m", *grid, "run.output=b"]
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
