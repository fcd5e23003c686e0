"""Own code from outside the repository: parts of docs/house.md in a folder, and a package with a thing of each kind."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from galleria.agents.kernel.plugins import FOLDERS
from galleria.experiments.new import rendered
from galleria.experiments.results import load

HOUSE = (Path(__file__).resolve().parents[2] / "docs" / "house.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", HOUSE, flags=re.DOTALL))
MARKET = ["city=file", "city.path=round.ring", "city.households=800", "run.replications=1"]
DESIGN = ["design=corners", "drivers.pool=interval(40,80)", "hydra.launcher.n_jobs=2"]


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(FOLDERS, raising=False)
    Path("round.ring").write_text("12", encoding="utf-8")


def galleria(*words: str, **env: str) -> str:
    call = [sys.executable, "-m", "galleria.experiments.cli", *words]
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=os.environ | env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_design_and_a_city_format_of_ones_own_run_in_a_sweep() -> None:
    """In worker processes too; a reader that is changed reads anew."""
    for name in ("my_lab/corners.py", "my_lab/ring.py", "design/corners.yaml"):
        path = Path("my_lab") / name.removeprefix("my_lab/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[name], encoding="utf-8")
    galleria("sweep", "--config-dir", "my_lab", "--plugins", "my_lab", *MARKET, *DESIGN, "run.output=out", "--quiet")
    results = load("out")
    assert results.plan["drivers.pool"].tolist() == [40, 80]
    assert set(results.runs["status"]) == {"done"}
    build = ["city", "build", "--plugins", "my_lab", "city.path=round.ring", "--json"]
    keys = [json.loads(galleria(*build))["key"]]
    reader = Path("my_lab/ring.py")
    reader.write_text(reader.read_text(encoding="utf-8").replace("2000", "4000"), encoding="utf-8")
    keys.append(json.loads(galleria(*build))["key"])
    assert keys[0] != keys[1]


def test_an_installed_package_brings_a_thing_of_each_kind() -> None:
    """Policy, dispatch rule, measure, figure, design and city format by entry points of one group."""
    package, yaml = Path("site/my_package"), Path("yaml")
    package.mkdir(parents=True)
    texts = {"corners.py": FILES["my_lab/corners.py"], "ring.py": FILES["my_lab/ring.py"]}
    for kind in ("policy", "dispatch", "measure", "figure"):
        texts |= rendered(kind, f"my_{kind}", yaml)
    texts |= {"design/corners.yaml": FILES["design/corners.yaml"]}
    for name, text in texts.items():
        path = (package if name.endswith(".py") else yaml) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    about = Path("site/my_package-1.0.dist-info")
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my_package\nVersion: 1.0\n", encoding="utf-8")
    points = [f"{path.stem} = my_package.{path.stem}" for path in package.glob("*.py")]
    (about / "entry_points.txt").write_text("\n".join(["[galleria]", *points]), encoding="utf-8")

    asked = [
        "policy=my_policy",
        "dispatch=lap",
        "dispatch.rule=my_dispatch",
        "experiment=with_my_figure",
        "run.output=out",
    ]
    galleria(
        "sweep", "--config-dir", "yaml", *MARKET, *DESIGN, *asked, "--quiet", PYTHONPATH=str(Path("site").resolve())
    )
    results = load("out")
    assert results.plan["drivers.pool"].nunique() == 2
    assert "my_measure" in set(results.summary["metric"])
    assert len(list(results.folder.rglob("*my_figure*.png"))) == 1
