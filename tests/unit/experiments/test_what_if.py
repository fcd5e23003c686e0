"""The what-if page: its surfaces, what they hold, and that its script computes what Python does."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.report.study import Study
from galleria.experiments.report.whatif import emulate, what_if
from galleria.experiments.report.whatif.page import pack
from galleria.experiments.results import load
from tests.synthetic_results import POOL, SHARE, Design, factorial, supply_by_opt_in, write_results

TEMPLATES = Path(__file__).resolve().parents[3] / "experiments" / "templates"
NODE = shutil.which("node")
GRID = supply_by_opt_in(pools=(60, 240, 400), shares=(0.2, 0.4, 0.8))


def study_of(folder: Path, **changes: object) -> Study:
    return Study.of(load(write_results(folder, Design(**{**vars(GRID), "tables": (), **changes}))))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("grid"))


def in_node(packed: object, x: list[list[float]]) -> dict[str, list[float]]:
    """Return by measure what the page's script predicts at points of the unit cube, and which it calls supported."""
    if NODE is None:
        pytest.skip("node is not installed")
    script = (TEMPLATES / "emulator.js").read_text(encoding="utf-8") + (
        "const [packed, points] = JSON.parse(require('fs').readFileSync(0));"
        "const group = packed.groups[0]; const told = { supported: points.map((x) => Number(supported(group, x))) };"
        "for (const [name, made] of Object.entries(group.measures)) told[name] = points.map((x) => predict(made, x));"
        "console.log(JSON.stringify(told));"
    )
    run = subprocess.run(
        [NODE, "-e", script], input=json.dumps([packed, x]), capture_output=True, text=True, check=True
    )
    return dict(json.loads(run.stdout))


def test_the_script_computes_what_python_does(study: Study) -> None:
    (group,) = emulate(study)
    x = np.random.default_rng(5).random((20, 2))
    told = in_node(pack(study, [group]), x.tolist())
    kinds = set()
    for name, made in group.measures.items():
        kinds.add(made.surface.kind)
        assert told[name] == pytest.approx(made.surface.surface.predict(x), rel=1e-9, abs=1e-9)
    assert kinds == {"quadratic", "Gaussian process"}, "both are held to Python"


def test_support_ends_with_the_box_the_hull_and_the_reach_of_points(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    corner = [{POOL: float(60 + 340 * a), SHARE: float(0.2 + 0.6 * b)} for a, b in rng.random((40, 2)) if a + b < 1]
    ends = [{POOL: 60.0, SHARE: 0.2}, {POOL: 400.0, SHARE: 0.2}, {POOL: 60.0, SHARE: 0.8}]
    study = study_of(tmp_path, points=[*ends, *corner], baseline=0, record={"kind": "lhs"})
    packed = pack(study, emulate(study))
    near, reach = list(packed["groups"][0]["points"][5]), packed["groups"][0]["reach"]
    assert 0 < reach < 0.4
    tried = [near, [0.0, 0.0], [0.9, 0.9], [-0.05, 0.0], [0.0, 1.05]]
    assert in_node(packed, tried)["supported"] == [1, 1, 0, 0, 0]


def test_the_interval_holds_what_was_run_and_the_change_at_the_baseline_is_none(study: Study) -> None:
    (group,) = emulate(study)
    at = study.settings.index.get_loc(study.baseline)
    for name in ("orders_rivals", "delivery_min_mean", "consumer_surplus_usd"):
        made = group.measures[name]
        change = (study.cube.of(name) - study.cube.at(study.centre, name)).mean(axis=1)
        said = made.surface.surface.predict(group.shares)
        assert (np.abs(said - change) <= made.half_change).mean() >= 0.85
        assert abs(said[at]) <= made.half_change
        assert made.half_level > made.surface.error


def test_each_choice_has_surfaces_of_its_own(tmp_path: Path) -> None:
    points = factorial({"policy": ["none", "cap"], POOL: [60, 120, 240, 320, 400]})
    study = study_of(tmp_path, points=points, baseline=0, labels={POOL: "Driver pool", "policy": "Policy"})
    groups = emulate(study)
    assert [group.choices for group in groups] == [{"policy": "none"}, {"policy": "cap"}]
    assert all(group.shares.shape == (5, 1) for group in groups)


def test_too_few_points_give_no_page(tmp_path: Path) -> None:
    study = study_of(tmp_path, points=[{POOL: 60.0}, {POOL: 240.0}, {POOL: 400.0}], baseline=0)
    assert emulate(study) == []
    assert what_if(study, tmp_path, "t") is None


def test_choices_alone_give_no_page(tmp_path: Path) -> None:
    study = study_of(tmp_path, points=[{"policy": "none"}, {"policy": "cap"}], baseline=0, labels={"policy": "Policy"})
    assert what_if(study, tmp_path, "t") is None


def test_the_page_needs_no_other_file_and_shows_hostile_words_as_words(tmp_path: Path) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    study = study_of(tmp_path, labels={POOL: hostile, SHARE: "Mall opt-in"})
    page = what_if(study, tmp_path, hostile)
    assert page is not None
    text = page.read_text(encoding="utf-8")
    assert "<img" not in text
    assert text.count("</script>") == 2
    assert re.findall(r'(?:src|href)="(?!data:,|index\.html)', text) == []
    packed = json.loads(text.split('id="packed">')[1].split("</script>")[0])
    assert packed["sliders"][0]["label"] == hostile
