"""Parameters drawn instead of known: which are, how replications follow them, and what the report says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.calibration.file import read_calibration
from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.draws import at_replication
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.design.stated_ranges import stated_ranges
from galleria.experiments.design.tables import read_table
from galleria.experiments.galleria import Galleria
from galleria.experiments.report import build_report, findings
from galleria.experiments.results import load
from galleria.models.errors import UsageError
from tests.synthetic_results import POOL, Design, write_results

TOY = ("city=toy", "city.households=400", "customers.calibration.sample=1000")
PAY = "drivers.reservation.median_usd_per_h"


@pytest.fixture(scope="module")
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


def plan(composing: Composer, *overrides: str) -> Plan:
    return plan_design(parse((*TOY, *overrides), composing), composing, Galleria())


def test_ranges_are_those_beside_the_values() -> None:
    ranges = stated_ranges(CONF)
    assert (ranges[PAY].low, ranges[PAY].high) == (12.0, 25.0)
    assert (ranges["drivers.cost_usd_per_km"].low, ranges["drivers.cost_usd_per_km"].high) == (0.12, 0.43)
    assert ranges["drivers.cost_usd_per_km"].value == 0.19
    assert "drivers.pool" not in ranges  # how large the market is
    assert "drivers.log_on_cost_usd" not in ranges  # switched off
    assert len(ranges) > 20


def test_replications_follow_draws_that_all_points_share(composing: Composer) -> None:
    asked = plan(composing, "uncertainty=quick", "uncertainty.screened=null", "policy=none,min_pay_seattle")
    assert asked.replications == 16
    draws = [each["uncertainty"]["draws"] for each in asked.trees]
    assert draws[0] == draws[1]
    levels = [at_replication(asked.trees[0], i)["drivers"]["reservation"]["median_usd_per_h"] for i in range(16)]
    assert len(set(levels)) == 16
    assert min(levels) >= 12
    assert max(levels) <= 25
    # A Latin hypercube has one draw in each sixteenth of a range.
    assert sorted(int((level - 12) / 13 * 16) for level in levels) == list(range(16))


def test_towns_that_look_as_seen_are_shipped(composing: Composer) -> None:
    towns = read_table("towns", str(CONF / "uncertainty" / "towns.csv"))
    fitted = read_calibration(CONF / "moments" / "default_city.yaml").parameters
    wide = {key: (each.low, each.high) for key, each in fitted.items()}
    ends = {key: (each.low, each.high) for key, each in stated_ranges(CONF).items()} | wide
    ends |= {key.replace("rival_a", "rival_b"): both for key, both in wide.items()}
    for key in towns[0]:
        low, high = ends[key]
        assert all(float(low or 0) <= float(str(town[key])) <= float(high or 0) for town in towns), key
    asked = plan(composing, "uncertainty=quick", "policy=none")
    assert asked.trees[0]["uncertainty"]["draws"] == [dict(town) for town in towns[:16]]
    assert len(towns) >= 100  # as many as uncertainty=full asks for


def test_what_is_asked_about_or_given_is_not_drawn(composing: Composer) -> None:
    asked = plan(composing, "uncertainty=quick", f"{PAY}=15,20", "drivers.cost_usd_per_km=0.2")
    drawn = asked.trees[0]["uncertainty"]["draws"][0]
    assert PAY not in drawn
    assert "drivers.cost_usd_per_km" not in drawn
    assert "drivers.belief_rate" in drawn


def test_what_an_experiment_sets_or_holds_is_not_drawn(composing: Composer) -> None:
    asked = plan(composing, "experiment=x2_supply_demand", "run.replications=2")
    drawn = asked.trees[0]["uncertainty"]["draws"]
    assert len(drawn) == asked.replications == 2
    assert any(key.startswith("retailers.") for key in drawn[0])
    assert not any(key.startswith("drivers.") for key in drawn[0])
    one = plan(composing, "uncertainty=quick", "strategy=fixed", "calibration=meals_nyc", "uncertainty.file=null")
    assert PAY not in one.trees[0]["uncertainty"]["draws"][0]  # the calibration set it


def test_there_are_as_many_draws_as_replications_and_none_of_a_single_one(composing: Composer) -> None:
    five = plan(composing, "uncertainty=drawn", "run.replications=5", "policy=none")
    assert len(five.trees[0]["uncertainty"]["draws"]) == five.replications == 5
    assert "uncertainty" not in plan(composing, "uncertainty=drawn", "policy=none").trees[0]
    plain = plan(composing, "run.replications=5", "policy=none")
    assert plan(composing, "uncertainty=none", "run.replications=5", "policy=none").digests == plain.digests


def test_with_automatic_replications_there_is_a_draw_for_all_that_may_be_added(composing: Composer) -> None:
    asked = plan(composing, "uncertainty=drawn", "run.replications=auto", "experiment.stopping.most=30")
    assert asked.replications == 10
    assert len(asked.trees[0]["uncertainty"]["draws"]) == 30


@pytest.mark.parametrize("name", ["meals_nyc", "meals_seattle"])
def test_a_shipped_calibration_brings_its_posterior(composing: Composer, name: str) -> None:
    asked = plan(composing, f"calibration={name}", "uncertainty=drawn", "run.replications=4")
    draws = asked.trees[0]["uncertainty"]["draws"]
    assert set(draws[0]) == set(read_calibration(CONF / "moments" / f"{name}.yaml").parameters)
    assert len({each["meals.decay_km"] for each in draws}) == 4


def test_draws_of_a_table_are_taken_in_order(composing: Composer, tmp_path: Path) -> None:
    table = tmp_path / "posterior.csv"
    table.write_text(f"drivers.pool,{PAY}\n100,15.5\n110,16.5\n120,17.5\n", encoding="utf-8")
    asked = plan(composing, "uncertainty=quick", "uncertainty.draws=2", f"uncertainty.file={table}", "policy=none")
    assert at_replication(asked.trees[0], 1)["drivers"]["pool"] == 110
    assert at_replication(asked.trees[0], 1)["drivers"]["reservation"]["median_usd_per_h"] == 16.5
    model = Galleria()
    runs = [model.simulate(asked.trees[0], model.prepare(asked.trees[0]), i).metrics for i in (0, 1)]
    plain = plan(composing, "drivers.pool=110", f"{PAY}=16.5", "policy=none").trees[0]
    assert runs[1].equals(model.simulate(plain, model.prepare(plain), 1).metrics)


def test_without_draws_nothing_changes(composing: Composer) -> None:
    assert "uncertainty" not in plan(composing, "policy=none").trees[0]


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (("uncertainty.draws=-1",), "uncertainty.draws = -1 is out of range"),
        (("uncertainty.file=none.csv",), "uncertainty.file = none.csv: No such file"),
        (("design=optimise", "drivers.pool=interval(50,90)", "design.objective={occasions: 1}", "run.replications=2"),
         "looks for one best point"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told(composing: Composer, overrides: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        plan(composing, "uncertainty=quick", *overrides)


def test_tables_with_wrong_keys_or_values_are_told(composing: Composer, tmp_path: Path) -> None:
    table = tmp_path / "draws.csv"
    for head, value, told in (
        ("drivers.pol", 3, "there is no such key here: drivers.pol"),
        ("city.spacing_km", 2, "city.spacing_km cannot be drawn"),
        (PAY, -3, "is out of range"),
    ):
        table.write_text(f"{head}\n{value}\n{value}\n", encoding="utf-8")
        with pytest.raises(UsageError, match=told):
            plan(composing, "uncertainty=quick", "uncertainty.draws=2", f"uncertainty.file={table}")


def test_the_report_leads_with_the_share_of_draws(tmp_path: Path) -> None:
    points = [{POOL: level} for level in (60.0, 400.0)]
    write_results(tmp_path, Design(list(points), {POOL: "Driver pool"}, {POOL: "drivers"}, replications=8, tables=()))
    path = tmp_path / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "uncertainty": {"draws": [{PAY: 12.0 + i} for i in range(8)]}}), "utf-8")
    found = findings(load(tmp_path))
    assert any("fall in 8 of 8 draws (100\u202f% [68, 100])" in text for text in found)
    assert "of 8 draws" in build_report(tmp_path).read_text(encoding="utf-8")


def test_settings_that_refer_to_a_drawn_one_follow_it(composing: Composer) -> None:
    base = "couriers.rival_a.observed.base_usd"
    asked = plan(composing, "uncertainty=quick", "uncertainty.draws=3", f"uncertainty.ranges={{{base}: [4.0, 9.0]}}",
                 f"couriers.rival_b.observed.base_usd=${{{base}}}", "policy=none,commission_cap")  # fmt: skip
    for tree in asked.trees:
        for i in range(3):
            rivals = at_replication(tree, i)["couriers"]
            level = rivals["rival_a"]["observed"]["base_usd"]
            assert 4.0 <= level <= 9.0
            assert level != 9.5
            assert [rivals[name]["pay"]["base_usd"] for name in ("rival_a", "rival_b")] == [level, level]
            assert rivals["rival_b"]["observed"]["base_usd"] == level
    # What a point sets itself follows nothing.
    own = plan(composing, "uncertainty=quick", "uncertainty.draws=3", f"uncertainty.ranges={{{base}: [4.0, 9.0]}}",
               "couriers.rival_a.pay.base_usd=7,8")  # fmt: skip
    assert {at_replication(own.trees[1], i)["couriers"]["rival_a"]["pay"]["base_usd"] for i in range(3)} == {8}


@pytest.mark.parametrize("name", ["meals_nyc", "default_city"])
def test_draws_of_a_calibration_reach_what_it_refers_to(composing: Composer, name: str) -> None:
    asked = plan(composing, f"calibration={name}", "uncertainty=drawn", "run.replications=2")
    key = {"meals_nyc": "meals.pay.base_usd", "default_city": "couriers.rival_a.observed.base_usd"}[name]
    for i in range(2):
        tree = at_replication(asked.trees[0], i)
        level = asked.trees[0]["uncertainty"]["draws"][i][key]
        assert [tree["couriers"][rival]["pay"]["base_usd"] for rival in ("rival_a", "rival_b")] == [level, level]


def test_of_a_screened_table_those_columns_are_drawn_that_stand_at_their_defaults(
    composing: Composer, tmp_path: Path
) -> None:
    table = tmp_path / "screened.csv"
    cost, tip = "drivers.cost_usd_per_km", "couriers.rival_a.observed.tip_usd"
    table.write_text(f"{PAY},{cost},{tip}\n15,0.15,4\n16,0.16,5\n", encoding="utf-8")
    asked = ("uncertainty=quick", "uncertainty.draws=2", f"uncertainty.screened={table}", "policy=none")
    draws = plan(composing, *asked).trees[0]["uncertainty"]["draws"]
    assert [(draw[PAY], draw[cost], draw[tip]) for draw in draws] == [(15, 0.15, 4), (16, 0.16, 5)]
    for override in (f"{PAY}=20", f"uncertainty.held=[{PAY}]"):
        assert PAY not in plan(composing, *asked, override).trees[0]["uncertainty"]["draws"][0]
    with pytest.raises(UsageError, match="has 2 rows"):
        plan(composing, *asked, "uncertainty.draws=3")
