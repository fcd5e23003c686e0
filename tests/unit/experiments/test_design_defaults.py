"""Defaults that are choices of ours: all are found in conf/, varied where they can be, and named on the page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.design_defaults import IN_TOWN, design_defaults, experiment, of_the_default_town
from galleria.experiments.design.samples import morris
from galleria.experiments.design.trees import has_key, value_at
from galleria.experiments.report.design_defaults_page import page
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import Design, write_results

PAGE = Path(__file__).parents[3] / "docs" / "design_defaults.md"


@pytest.fixture
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


def test_every_line_of_conf_that_says_design_is_found() -> None:
    lines = [
        line
        for path in CONF.rglob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"#.*[;\[] ?design\b", line)
    ]
    assert len(design_defaults()) >= len(lines) > 150


def test_defaults_of_the_town_stand_there_with_the_value_that_is_written(composing: Composer) -> None:
    tree = composing.compose(())
    for default in design_defaults():
        if default.file in IN_TOWN:
            assert has_key(tree, default.key), default
            if default.low is not None:
                assert float(value_at(tree, default.key)) == float(default.value or "nan"), default.key


def test_ranges_are_those_of_conf_or_half_to_one_and_a_half() -> None:
    found = {each.key: each for each in design_defaults()}
    variety = found["customers.variety_usd"]
    assert (variety.low, variety.high, variety.stated) == (0.0, 1.0, True)
    support = found["couriers.rival_a.support_usd"]
    assert (support.low, support.stated) == (0.4, False)
    assert support.high == pytest.approx(1.2)
    # Its range of 4-240 hours says what the model accepts.
    assert (found["customers.quote_cap_h"].low, found["customers.quote_cap_h"].high) == (60.0, 180.0)
    # Whole numbers say how large things are and how long they last.
    assert found["retailers.mall.pickers"].high == 3.0
    assert found["customers.hour_weights"].why_not == "not one number"


def test_a_comment_may_go_on_below() -> None:
    assert "drivers.belief_rate" in {each.key for each in design_defaults()}


def test_the_experiment_composes_and_varies_what_is_possible(tmp_path: Path) -> None:
    defaults = of_the_default_town()
    found = {each.key: each for each in defaults}
    assert found["customers.purposes.stock_up.share"].why_not == "only possible with others of its kind"
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "design_defaults.yaml").write_text(experiment(defaults), encoding="utf-8")
    with composer(Source(CONF, extra=tmp_path)) as opened:
        design = opened.compose(("experiment=design_defaults",))["design"]
    assert design["kind"] == "morris"
    assert set(design["factors"]) == {each.key for each in defaults if each.low is not None}


def test_the_page_tells_influences_and_names_the_rest(tmp_path: Path) -> None:
    settings = type("S", (), {"kind": "morris", "trajectories": 4, "levels": 4, "seed": 1})()
    sample = morris(settings, 2)
    keys = ["customers.variety_usd", "drivers.hearsay"]
    points = [{keys[0]: float(a), keys[1]: float(b)} for a, b in sample]
    record = {"kind": "morris", "varied": keys, "sample": sample.tolist(), "rows": list(range(len(sample)))}
    design = Design(
        points, dict(zip(keys, keys, strict=True)), {}, baseline=None, replications=2, record=record, tables=()
    )
    write_results(tmp_path, design)
    written = page(Study.of(load(tmp_path)), design_defaults())
    assert "4 trajectories through 2 defaults" in written
    assert "| `customers.variety_usd` | 0.5 | 0 to 1 |" in written
    assert "| `retailers/base.yaml` | `retailers.picking_cost_usd` | 2.5 | not run |" in written
    named = {each.key for each in design_defaults()}
    assert all(f"`{key}`" in written for key in named)


def test_the_page_that_is_shipped_names_every_default() -> None:
    written = PAGE.read_text(encoding="utf-8")
    missing = [each.key for each in design_defaults() if f"`{each.key}`" not in written]
    assert missing == [], "write docs/design_defaults.md anew, see its head"
