"""The page on calibration: what it shows works as it stands, from the moments file to the experiment."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.cli import main
from galleria.experiments.results import load

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "calibration.md").read_text(encoding="utf-8")
FILES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, flags=re.DOTALL)
FIT, SCREEN = PAGE.split("## 5. ")


def commands(text: str) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


COMMANDS = commands(FIT)
SMALL = {
    "calibrate": ["design.points=4", "design.rounds=0", "design.starts=1", "design.steps=3", "design.draws=3"],
    "run": [],
    "sweep": [],
}
"""What makes a command quick; the rest is as it stands."""


def test_the_page_leads_from_a_file_to_an_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert [words[1] for words in COMMANDS] == ["calibrate", "calibrate", "run", "sweep", "sweep"]
    for words in COMMANDS:
        few = [] if "--dry-run" in words else ["run.replications=2", "hydra/launcher=basic"]
        given = [word for word in words[1:] if not word.startswith("run.replications=")]
        assert main([*given, *SMALL[words[1]], *few, "--quiet"]) == 0, words

    table = pd.read_csv(tmp_path / "fitted_city" / "calibration" / "parameters.csv").set_index("key")
    fitted = table["fitted"].to_dict()
    single, *asked = sorted((tmp_path / "outputs").rglob("provenance.json"), key=lambda path: path.stat().st_mtime)
    config = load(single.parent).config
    assert config["drivers"]["pool"] == fitted["drivers.pool"]
    assert config["city"]["households"] == 4000
    assert config["city"]["name"] == "toy"
    points = [load(path.parent).plan.drop_duplicates("point") for path in asked]
    assert points[0]["policy"].tolist() == ["none", "min_pay_seattle"]
    assert points[1].groupby("drivers.pool")["policy"].nunique().min() == 2


def test_the_page_leads_from_ranges_to_towns_that_look_as_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES:
        (tmp_path / name).write_text(content, encoding="utf-8")
    draw, screen, ask, _ = commands(SCREEN)
    toy = ["city=toy", "customers.calibration.sample=1000", "hydra/launcher=basic", "--quiet"]
    few = [word.replace("=1000", "=3") if word.startswith("run.replications=") else word for word in draw]
    assert main([*few[1:], *toy]) == 0
    assert main([*screen[1:], "--within", "1e9"]) == 0
    ask = [word.replace("=12", "=2") if word.startswith("run.replications=") else word for word in ask]
    assert main([*ask[1:], *toy]) == 0
    towns = pd.read_csv(tmp_path / "towns.csv")
    assert len(towns) == 3
    (asked,) = [path.parent for path in (tmp_path / "outputs").rglob("provenance.json")]
    drawn = load(asked).provenance["uncertainty"]["draws"]
    assert drawn == towns[list(drawn[0])].head(2).to_dict("records")


def test_every_file_of_the_folder_is_on_the_page() -> None:
    for name in ("parameters.csv", "moments.csv", "identification.csv", "fitted.yaml", "posterior.csv", "summary.json"):
        assert f"| `{name}` |" in PAGE
