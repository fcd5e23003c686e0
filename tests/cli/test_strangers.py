"""A stranger's YAML chooses settings: it runs no code and says not where anything is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from galleria.experiments.design.compose import CONF, Source, composer
from galleria.models.errors import UsageError

RUNS = "{_target_: pathlib.Path.touch, self: {_target_: pathlib.Path, _args_: [marker]}}"
SMALL = ("city=toy", "customers.occasions_per_household_day=0.2", "hydra/launcher=basic", "run.output=results")

STRANGE = {
    "a callback": (f"hydra: {{callbacks: {{one: {RUNS}}}}}", "hydra.callbacks"),
    "a callback read by a resolver": (
        "hydra: {callbacks: {one: \"${oc.decode:'{_target_: os.mkdir, path: marker}'}\"}}",
        "hydra.callbacks",
    ),
    "a launcher": ("hydra: {launcher: {_target_: os.abort}}", "hydra.launcher._target_"),
    "a class that is no launcher": (
        "hydra: {launcher: {_target_: hydra._internal.core_plugins.basic_sweeper.BasicSweeper}}",
        "hydra.launcher._target_",
    ),
    "a sweeper": ("hydra: {sweeper: {_target_: os.abort}}", "hydra.sweeper._target_"),
    "within a launcher": (
        f"hydra: {{launcher: {{additional_parameters: {{one: {RUNS}}}}}}}",
        "hydra.launcher.additional_parameters",
    ),
    "among the settings": (f"drivers: {{pool: {RUNS}}}", "drivers.pool._target_"),
    "in a list": (f"experiment: {{headline: [{RUNS}]}}", "experiment.headline.0._target_"),
    "a handler of logs": (
        "hydra: {job_logging: {handlers: {one: {(): os.mkdir, path: marker}}}}",
        "hydra.job_logging.handlers.one",
    ),
    "a formatter of logs": (
        "hydra: {hydra_logging: {formatters: {one: {class: marker.Evil}}}}",
        "hydra.hydra_logging.formatters.one.class",
    ),
    "an object of a log": (
        "hydra: {job_logging: {handlers: {one: {class: logging.StreamHandler, stream: ext://os.environ}}}}",
        "hydra.job_logging.handlers.one.stream",
    ),
    "a file of a log": (
        "hydra: {job_logging: {root: {handlers: [f]}, handlers: {f: {class: logging.FileHandler, filename: marker}}}}",
        "hydra.job_logging.handlers.f.filename",
    ),
    "a folder of a run": ("hydra: {run: {dir: marker}}", "hydra.run.dir"),
    "a folder of a sweep": ("hydra: {sweep: {dir: marker}}", "hydra.sweep.dir"),
    "a folder beside": ("hydra: {sweep: {subdir: ../../../marker}}", "hydra.sweep.subdir"),
    "a folder of Hydra's own": ("hydra: {output_subdir: ../../../marker}", "hydra.output_subdir"),
    "another place to work": ("hydra: {job: {chdir: true}}", "hydra.job.chdir"),
    "a name that is a path": ("hydra: {job: {name: ../../marker}}", "hydra.job.name"),
    "an environment": ("hydra: {job: {env_set: {LD_PRELOAD: marker}}}", "hydra.job.env_set"),
    "a command for a cluster": ("hydra: {launcher: {setup: [touch marker]}}", "hydra.launcher.setup"),
    "a folder of a launcher": ("hydra: {launcher: {submitit_folder: marker}}", "hydra.launcher.submitit_folder"),
    "a second sweep": ("hydra: {sweeper: {params: {hydra.output_subdir: marker}}}", "hydra.sweeper.params"),
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in an empty folder; nothing may be written there."""
    work = tmp_path / "work" / "here"
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    yield tmp_path
    assert [path.name for path in tmp_path.rglob("*") if path.name in {"marker", "results", "outputs"}] == []


def _own(place: Path, yaml: str) -> str:
    file = place / "own" / "experiment" / "strange.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(f"# @package _global_\n{yaml}\n", encoding="utf-8")
    return str(place / "own")


@pytest.mark.parametrize("strange", STRANGE)
def test_it_is_refused_as_soon_as_it_is_composed(place: Path, strange: str) -> None:
    yaml, key = STRANGE[strange]
    with composer(Source(CONF, extra=Path(_own(place, yaml)))) as composing:
        with pytest.raises(UsageError) as refused:
            composing.compose(["experiment=strange", "hydra/launcher=submitit_slurm"])
        assert any(problem.startswith(key) for problem in refused.value.problems)


def test_what_hydra_brings_itself_is_taken() -> None:
    with composer(Source(CONF)) as composing:
        for choice in ("hydra/job_logging=default", "hydra/hydra_logging=default", "hydra/launcher=submitit_local"):
            composing.compose([choice, "+hydra.job.env_set={OMP_NUM_THREADS: 1}"])
        composing.compose(["hydra/launcher=submitit_slurm", "hydra.launcher.setup=[module load python]"])


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_code_is_not_run(place: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    own = _own(place, f"hydra: {{callbacks: {{one: {RUNS}}}}}")
    assert main([command, "--config-dir", own, "experiment=strange", *SMALL]) == 2
    told = capsys.readouterr()
    assert "hydra.callbacks" in told.err
    assert "Traceback" not in told.err


def test_the_name_of_an_experiment_is_no_path(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = _own(place, "experiment: {name: ..}")
    assert main(["run", "--config-dir", own, "experiment=strange", *SMALL[:-1]]) == 2
    assert "experiment.name" in capsys.readouterr().err


def test_a_choice_that_is_swept_is_looked_at_too(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = _own(place, f"hydra: {{callbacks: {{one: {RUNS}}}}}")
    assert main(["sweep", "--config-dir", own, "experiment=null,strange", *SMALL]) == 2
    assert "hydra.callbacks" in capsys.readouterr().err


def test_a_primary_file_imports_no_package(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = place / "own"
    own.mkdir()
    (own / "mine.yaml").write_text("hydra: {searchpath: ['pkg://marker']}\ndefaults: [config]\n", encoding="utf-8")
    assert main(["run", "--config-dir", str(own), "--config-name", "mine", *SMALL]) == 2
    assert "hydra.searchpath" in capsys.readouterr().err


def test_the_file_of_a_calibration_says_nothing_of_hydra(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = place / "town.yaml"
    asked = "moments: {orders: 4}\nparameters: {drivers.pool: [20, 40]}\noverrides: [city=toy, '+hydra.callbacks={}']\n"
    file.write_text(asked, encoding="utf-8")
    assert main(["calibrate", str(file), *SMALL[1:]]) == 2
    assert "sets how Hydra works" in capsys.readouterr().err
