"""The public name `galleria`: its examples run, it is typed, and a wheel brings nothing else to the top."""

import doctest
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import galleria
from galleria.experiments import scripting

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.mark.parametrize("name", ["settings", "city", "market", "run", "sweep", "calibrate"])
def test_the_examples_of_a_public_function_run(name: str) -> None:
    tests = doctest.DocTestFinder(recurse=False).find(getattr(galleria, name), name, globs={})
    assert [each for each in tests if each.examples]
    for each in tests:
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(each)
        assert runner.failures == 0


def test_the_example_of_plot_runs() -> None:
    assert doctest.testmod(galleria.plot, optionflags=doctest.ELLIPSIS) == (0, 4)


def test_every_public_name_is_there_and_no_other() -> None:
    assert {name for name in dir(galleria) if not name.startswith("_")} == set(galleria.__all__)
    for name in galleria.__all__:
        assert getattr(galleria, name) is not None
    assert set(scripting.__all__) <= set(galleria.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'simulate'"):
        galleria.simulate  # noqa: B018


def test_a_wheel_puts_two_names_at_the_top_and_every_source_below_them(wheel: Path) -> None:
    names = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    assert {name.parts[0] for name in names if not name.parts[0].endswith(".dist-info")} == {
        "galleria",
        "hydra_plugins",
    }
    for package in ("agents", "models", "experiments", "conf"):
        for path in ROOT.joinpath(package).rglob("*"):
            if path.suffix in {".py", ".yaml", ".html"} and path.parent.name != "local":
                assert "galleria" / path.relative_to(ROOT) in names
    assert Path("galleria/py.typed") in names


def test_a_wheel_runs_beside_packages_and_folders_of_the_same_names(wheel: Path, tmp_path: Path) -> None:
    """Another package has a top-level `agents`; the folder where it runs has its own `models/` and `experiments/`."""
    site, here = tmp_path / "site", tmp_path / "here"
    zipfile.ZipFile(wheel).extractall(site)
    for folder in (site / "agents", here / "models", here / "experiments", here / "conf"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("raise ImportError('not Galleria')\n")
    others = sysconfig.get_paths()["purelib"]
    path, cache = os.pathsep.join((str(site), others)), str(tmp_path / "cache")
    # Kernels as plain Python: compiling them anew takes a minute, and is no question of where they lie.
    environment = {**os.environ, "PYTHONPATH": path, "GALLERIA_CACHE": cache, "NUMBA_DISABLE_JIT": "1"}
    command = "import sys, galleria.experiments.cli as c; print(c.__file__); sys.exit(c.main(sys.argv[1:]))"
    # -S: this environment's own link to the checkout is not followed.
    asked = ["sweep", "city=toy", "drivers.pool=40,60", "hydra/launcher=basic", "run.output=out"]
    call = [sys.executable, "-S", "-c", command, *asked]
    done = subprocess.run(call, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(site))
    assert (here / "out" / "report" / "index.html").is_file()
