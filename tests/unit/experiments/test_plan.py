"""A plan lists the right runs under keys that change when, and only when, a result could."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import standin

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.keys import settings_digest
from galleria.experiments.design.plan import Plan, describe
from galleria.experiments.design.planning import plan_design, plan_point
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria
from galleria.models.errors import UsageError


def plan(*overrides: str) -> Plan:
    with composer(standin.SOURCE) as composing:
        return plan_design(parse(overrides, composing), composing, standin.StandIn())


def problems(overrides: Sequence[str]) -> tuple[str, ...]:
    with pytest.raises(UsageError) as caught:
        plan(*overrides)
    return caught.value.problems


def keys(*overrides: str) -> list[str]:
    return [run.key for run in plan(*overrides).runs]


def test_runs_come_by_point_then_by_replication() -> None:
    found = plan("x.one=0,1", "run.replications=3")
    assert [(run.point, run.replication) for run in found.runs] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert list(found.frame().columns) == ["run_key", "point", "replication", "x.one"]
    assert found.frame()["x.one"].tolist() == [0, 0, 0, 1, 1, 1]


def test_keys_tell_runs_apart() -> None:
    found = keys("x.one=0,1,2", "wave=normal,flat", "run.replications=5")
    assert len(set(found)) == len(found) == 30


@pytest.mark.parametrize("same", [["run.output=/elsewhere"], ["experiment.name=other"], ["x.one=0.0"]])
def test_what_cannot_change_a_result_does_not_change_keys(same: list[str]) -> None:
    assert keys(*same) == keys()


@pytest.mark.parametrize("other", ["run.seed=2", "run.tables=metrics", "x.one=1e-9", "wave.b=0.2", "wave=flat"])
def test_what_can_change_a_result_changes_keys(other: str) -> None:
    assert not set(keys(other)) & set(keys())


def test_more_replications_keep_the_keys_of_the_first() -> None:
    assert keys("run.replications=3")[:2] == keys("run.replications=2")


def test_another_version_of_the_model_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys()
    monkeypatch.setenv("STANDIN_VERSION", "stand-in 2")
    assert not set(keys()) & set(before)


def test_keys_follow_the_contents_of_named_files_not_their_names(tmp_path: Path) -> None:
    trees = []
    for name, content in (("a.csv", "1"), ("b.csv", "1"), ("c.csv", "2")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        trees.append({"city": {"path": str(tmp_path / name)}, "run": {}})
    first, second, third = map(settings_digest, trees)
    assert first == second != third


def test_the_baseline_is_the_named_point_or_the_base_configuration_or_the_first() -> None:
    assert plan("x.one=1,0,2").baseline == 1
    assert plan("x.one=1,2").baseline == 0
    assert plan("x.one=1,2", "design.baseline={x.one: 2}").baseline == 1
    assert plan().baseline is None


def test_config_groups_are_factors_like_any_other() -> None:
    found = plan("wave=normal,flat", "x.one=0,1")
    assert [tree["wave"]["b"] for tree in found.trees] == [0.1, 0.1, 0.0, 0.0]
    assert found.points[2] == {"wave": "flat", "x.one": 0}


def test_equal_points_are_planned_once() -> None:
    assert [point["x.one"] for point in plan("x.one=0,1,0").points] == [0, 1]


def test_all_problems_are_told_at_once() -> None:
    assert problems(["x.tow=1", "x.one=0,9", "wave=flta", "x.two=many", "nonsense", "run.output=a,b"]) == (
        "wave=flta: there is no such choice; did you mean flat?",
        "nonsense: an override is written key=value",
        "run.output cannot be varied: it does not change what a run gives",
        "x.tow: there is no such key; did you mean x.two?",
        "x.two = many: must be a number (allowed: at least -3.141592653589793 and at most 3.141592653589793)",
        "x.one = 9 is out of range (allowed: at least -3.141592653589793 and at most 3.141592653589793)",
    )


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("design.baseline={x.one: 5}", "no point of the design has x.one=5"),
        ("design.baseline={x.two: 5}", "design.baseline: x.two"),
        ("design.kind=latin", "must be one of calibrate, decompose, factorial"),
        ("experiment.name=a/b", "experiment.name"),
        ("hydra/launcher=nothing", "there is no such choice"),
        ("x={one: 1, four: 2}", "x.four"),
        ("+y=1", "y: there is no such key"),
        ("~x.one", "x.one"),
    ],
)
def test_a_wrong_question_is_told(override: str, words: str) -> None:
    assert words in "\n".join(problems(["x.one=0,1", override]))


def test_a_single_point_ignores_the_design_and_refuses_sweeps() -> None:
    with composer(standin.SOURCE) as composing:
        single = plan_point(parse(["design.kind=lhs"], composing), composing, standin.StandIn())
        assert len(single.points) == 1
        with pytest.raises(UsageError, match="several values"):
            plan_point(parse(["x.one=1,2"], composing), composing, standin.StandIn())


def test_a_plan_describes_itself() -> None:
    assert describe(plan("x.one=0,1")).splitlines() == [
        "standin: 2 points x 2 replications = 4 runs (design factorial)",
        "  x.one: 0, 1",
        "  compared with point 0: x.one=0",
    ]


def test_a_thousand_runs_are_planned_within_seconds() -> None:
    started = time.perf_counter()
    values = ",".join(str(i / 200) for i in range(250))
    assert len(plan(f"x.one={values}", "wave=normal,flat", "run.replications=2").runs) == 1000
    assert time.perf_counter() - started < 5


def test_the_plan_key_is_that_of_its_runs() -> None:
    found = plan("x.one=0,1")
    assert replace(found, replications=3).key != found.key == plan("x.one=0,1").key


def test_a_range_of_a_whole_number_is_one_of_whole_numbers() -> None:
    found = plan("design=lhs", "design.points=8", "run.days=interval(1,9)", "x.one=interval(0,1)")
    assert all(isinstance(point["run.days"], int) and isinstance(point["x.one"], float) for point in found.points)
    assert found.baseline is None


def test_a_crossed_factor_meets_every_point_of_the_design() -> None:
    found = plan("design=sobol", "design.points=4", "x.one=interval(0,1)", "design.crossed={wave: [normal, flat]}")
    assert [point["wave"] for point in found.points] == ["normal", "flat"] * 4
    assert found.points[0]["x.one"] == found.points[1]["x.one"]


@pytest.mark.parametrize(("design", "size"), [("morris", "trajectories=10"), ("sobol_indices", "points=8")])
def test_the_samples_of_an_analysis_keep_their_rows(design: str, size: str) -> None:
    ranges = [f"x.{name}=interval(-1,1)" for name in ("one", "two")]
    found = plan(f"design={design}", f"design.{size}", *ranges, "run.days=1,2")
    assert len(found.rows) == 40  # 10 trajectories of 3 + 1 points; 8 base points and 3 + 1 more for each
    firsts = [found.rows.index(i) for i in range(len(found.points))]
    assert firsts == sorted(firsts)


def test_a_factor_that_the_command_line_gives_one_value_is_held_there() -> None:
    factors = ("design.factors={x.one: [0, 1], wave: [normal, flat]}", "design.baseline={x.one: 1, wave: normal}")
    assert len(plan(*factors).points) == 4
    held = plan(*factors, "x.one=2", "wave=flat")
    assert held.points == ({"x.one": 2, "wave": "flat"},)
    assert held.baseline == 0
    [first, second] = plan(*factors, "x.one=0").points
    assert (first["wave"], second["wave"]) == ("normal", "flat")


def test_a_factor_of_the_command_line_joins_a_named_baseline_at_its_first_level() -> None:
    found = plan("design.factors={x.one: [0, 1]}", "design.baseline={x.one: 1}", "x.two=2,3", "wave=flat,normal")
    assert found.baseline is not None
    assert found.points[found.baseline] == {"x.one": 1, "x.two": 2, "wave": "flat"}


def test_a_value_given_for_a_policy_holds_wherever_that_policy_is_chosen() -> None:
    pay, nyc = "policy.min_pay_nyc_hourly.usd_per_h", "min_pay_nyc_hourly"
    with composer(Source(CONF)) as composing:

        def planned(*overrides: str) -> Plan:
            return plan_design(parse(["city=toy", *overrides], composing), composing, Galleria())

        held = planned(f"policy=none,{nyc},{nyc}+pass_through,min_pay_seattle", f"{pay}=19.96")
        policies = [tree["policy"] for tree in held.trees]
        assert [policy.get(nyc, {}).get("usd_per_h") for policy in policies] == [None, 19.96, 19.96, None]
        swept = planned(f"policy=none,{nyc}", f"{pay}=15,20")
        assert [tuple(point.values()) for point in swept.points] == [("none", 15), (nyc, 15), (nyc, 20)]
        one = planned(
            f"policy=none,{nyc}", f"{pay}=15,20", "design=one_at_a_time", f"design.baseline={{policy: {nyc}}}"
        )
        assert [tree["policy"].get(nyc, {}).get("usd_per_h") for tree in one.trees] == [17.96, None, 15.0, 20.0]
        with pytest.raises(UsageError, match="did you mean"):
            planned(f"policy=none,{nyc}", f"policy.{nyc}.usd_per_hour=15")
