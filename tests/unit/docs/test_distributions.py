"""What a release uploads: the archive of sources makes a whole wheel, which compiles on the oldest Python."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
OLDEST = (3, 12)


def built(kind: str, source: Path, folder: Path) -> Path:
    call = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(call, cwd=source, check=True, capture_output=True)
    return next(path for path in folder.iterdir() if path.suffix == (".whl" if kind == "wheel" else ".gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a wheel from the archive of sources alone."""
    folder = tmp_path_factory.mktemp("dist")
    with tarfile.open(built("sdist", ROOT, folder / "sdist")) as archive:
        archive.extractall(folder / "source", filter="data")
    return built("wheel", next((folder / "source").iterdir()), folder / "wheel")


def oldest_python() -> str | None:
    """Return a Python of the oldest version promised; a shim without one behind it does not count."""
    name = ".".join(str(part) for part in OLDEST)
    found = [shutil.which(f"python{name}"), *Path.home().glob(f".pyenv/versions/{name}.*/bin/python")]
    for each in found:
        check = f"import sys; sys.exit(sys.version_info[:2] != {OLDEST})"
        if each and subprocess.run([str(each), "-c", check], capture_output=True, check=False).returncode == 0:
            return str(each)
    return None


def test_the_archive_of_sources_makes_a_whole_wheel(wheel: Path) -> None:
    names = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    for package in ("agents", "models", "experiments", "conf"):
        for path in ROOT.joinpath(package).rglob("*"):
            if path.suffix in {".py", ".yaml", ".html"} and path.parent.name != "local":
                assert "galleria" / path.relative_to(ROOT) in names


def test_the_wheel_compiles_on_the_oldest_python(wheel: Path, tmp_path: Path) -> None:
    """That it runs there needs all it depends on for that Python: see the workflow."""
    python = oldest_python()
    if python is None:
        pytest.skip(f"needs Python {OLDEST[0]}.{OLDEST[1]}")
    zipfile.ZipFile(wheel).extractall(tmp_path)  # noqa: S202 (our own archive)
    call = [python, "-m", "compileall", "-q", str(tmp_path)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
