"""Every file of conf/ composes into valid settings, and every experiment runs on a toy city."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria

ASKS_FOR_MORE = {
    "city=file": ("city.path=graph.graphml",),
    "design=table": ("design.file=points.csv",),
}
"""Choices that are only whole with something a user gives."""

TOY = ("city=toy", "run.replications=1", "run.days=1", "run.warmup_days=0", "customers.occasions_per_household_day=0.5")


def choices(*groups: str) -> list[str]:
    """List group=choice for the YAML files of some groups."""
    return [f"{group}={path.stem}" for group in groups for path in sorted((CONF / group).glob("*.yaml"))]


@pytest.fixture
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


def plan(composing: Composer, *overrides: str) -> Plan:
    return plan_design(parse(overrides, composing), composing, Galleria())


@pytest.mark.parametrize(
    "choice",
    choices(
        "city",
        "customers",
        "retailers",
        "drivers",
        "strategy",
        "market",
        "meals",
        "calibration",
        "policy",
        "traffic",
        "dispatch",
        "run",
        "scale",
        "uncertainty",
        "experiment",
    ),
)
def test_every_choice_of_a_group_gives_valid_settings(composing: Composer, choice: str) -> None:
    assert plan(composing, choice, *ASKS_FOR_MORE.get(choice, ())).runs


@pytest.mark.parametrize("preset", [path.stem for path in sorted((CONF / "courier").glob("*.yaml"))])
def test_every_courier_preset_stands_in_for_another(composing: Composer, preset: str) -> None:
    assert composing.compose([f"courier@couriers.rival_a={preset}"])["couriers"]["rival_a"]


@pytest.mark.parametrize("vehicle", [path.stem for path in sorted((CONF / "vehicle").glob("*.yaml"))])
def test_every_vehicle_can_be_given_to_drivers(composing: Composer, vehicle: str) -> None:
    assert plan(composing, f"+vehicle@drivers.vehicles.{vehicle}={vehicle}").runs


@pytest.mark.parametrize("experiment", [path.stem for path in sorted((CONF / "experiment").glob("*.yaml"))])
def test_every_experiment_runs_on_a_toy_city(
    composing: Composer, experiment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path))
    model = Galleria()
    whole = plan(composing, f"experiment={experiment}", *TOY)
    for tree in (whole.trees[0], whole.trees[-1]):
        metrics = model.simulate(tree, model.prepare(tree), 0).metrics.set_index("metric")["value"]
        assert metrics["orders_placed"] == (
            metrics["orders_delivered"] + metrics["orders_cancelled"] + metrics["orders_open"]
        )


@pytest.mark.parametrize("experiment", sorted((CONF / "experiment").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_experiment_opens_with_its_question_and_its_command(experiment: Path) -> None:
    comment = "".join(
        re.findall(r"^#(.*)$", experiment.read_text(encoding="utf-8").split("\ndefaults:")[0], re.MULTILINE)
    )
    assert "?" in comment
    assert f"galleria sweep experiment={experiment.stem}" in comment


def test_every_file_opens_with_a_comment() -> None:
    bare = [path for path in CONF.rglob("*.yaml") if not path.read_text(encoding="utf-8").startswith("#")]
    assert bare == []
