"""A decomposition runs every combination of its causes; its parts add up exactly, and what does nothing has no part."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.designs import DesignSettings, enumerate_points
from galleria.experiments.design.factors import FactorSettings, Value
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.design.switches import Switch, set_by
from galleria.experiments.galleria import Galleria
from galleria.experiments.report import build_report
from galleria.experiments.report.build import findings
from galleria.experiments.report.causes import causes_section, parts
from galleria.experiments.report.comparing import comparisons
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from galleria.experiments.statistics import shapley
from galleria.models.errors import UsageError
from tests.synthetic_results import POOL, SHARE, Design, factorial, write_results

EIGHT = np.random.default_rng(1).normal(size=(8, 5))


def test_two_causes_share_what_comes_of_both_by_half() -> None:
    """Alone 1 and 3, together 10: the 6 that neither has alone go half to each."""
    assert shapley([0.0, 3.0, 1.0, 10.0]).tolist() == [4.0, 6.0]


def test_parts_add_up_in_every_replication() -> None:
    assert shapley(EIGHT).sum(axis=0) == pytest.approx(EIGHT[-1] - EIGHT[0], abs=1e-12)


def test_a_cause_that_changes_nothing_has_no_part() -> None:
    first_is_null = np.concatenate([EIGHT[:4], EIGHT[:4]])
    assert not shapley(first_is_null)[0].any()


def test_causes_that_can_be_swapped_have_the_same_part_and_order_does_not_matter() -> None:
    cube = EIGHT.reshape(2, 2, 2, 5)
    assert shapley(cube.transpose(2, 0, 1, 3).reshape(8, 5)) == pytest.approx(shapley(EIGHT)[[2, 0, 1]])
    same = (cube + cube.transpose(1, 0, 2, 3)).reshape(8, 5)
    assert shapley(same)[0] == pytest.approx(shapley(same)[1])


@pytest.mark.parametrize("count", [0, 1, 3, 6])
def test_outcomes_of_some_sets_only_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="not those of all sets"):
        shapley(np.zeros(count))


def decomposition(factors: dict[str, FactorSettings], **more: object) -> list[dict[str, Value]]:
    settings = DesignSettings.model_validate({"kind": "decompose", "factors": {}, "baseline": None, **more})
    return enumerate_points(settings, factors, {"a": 7, "b": 2})


def test_the_design_goes_from_all_first_values_to_all_second_ones() -> None:
    found = decomposition({"a": FactorSettings(values=(7, 1)), "b": FactorSettings(switches={"x": (0, 1)})})
    assert [tuple(point.values()) for point in found] == [(7, "off"), (7, "on"), (1, "off"), (1, "on")]


@pytest.mark.parametrize(
    ("values", "more", "told"),
    [
        (((1, 2), (1, 2, 3)), {}, "design.factors.b: design decompose needs two values"),
        (((1, 2),), {}, "name 2 to 6 factors"),
        (((1, 2), (1, 2)), {"baseline": {"a": 1}}, "without design.baseline"),
    ],
)
def test_what_cannot_be_decomposed_is_told(
    values: Sequence[tuple[int, ...]], more: dict[str, object], told: str
) -> None:
    factors = {name: FactorSettings(values=each) for name, each in zip("ab", values, strict=False)}
    with pytest.raises(UsageError, match=told):
        decomposition(factors, **more)


def test_policies_of_several_switches_stand_beside_each_other() -> None:
    switches: dict[str, Switch] = {
        "one": {"policy": ("none", "cap")},
        "two": {"policy": ("none", "tax"), "fee": (0.0, 2.0)},
    }
    assert set_by(switches, {"one": "off", "two": "off", "pool": 3}) == {"pool": 3, "policy": "none", "fee": 0.0}
    assert set_by(switches, {"one": "on", "two": "on"}) == {"policy": "cap+tax", "fee": 2.0}
    assert set_by(switches, {"one": "on", "two": "off"}) == {"policy": "cap", "fee": 0.0}


FACTORS = """
    rule: {label: A floor, switches: {policy: [none, min_pay_seattle]}}
    nothing: {switches: {policy: [none, neutral]}}
    fee: {switches: {policy.min_pay_seattle.added_fee_usd: [0.0, 4.99]}}
"""


def plan(folder: Path, factors: str = FACTORS) -> Plan:
    text = f"# @package _global_\ndefaults: [{{override /design: decompose}}]\ndesign:\n  factors:{factors}"
    (folder / "experiment").mkdir()
    (folder / "experiment" / "why.yaml").write_text(text, encoding="utf-8")
    with composer(Source(CONF, extra=folder)) as composing:
        return plan_design(
            parse(["city=toy", "experiment=why", "run.replications=2"], composing), composing, Galleria()
        )


def test_switches_set_what_they_name_and_points_alike_are_run_once(tmp_path: Path) -> None:
    found = plan(tmp_path)
    assert found.rows == (0, 0, 1, 1, 2, 3, 4, 5), "without the floor there is no fee to add to"
    assert found.baseline == 0
    assert list(found.trees[0]["policy"]) == []
    assert list(found.trees[5]["policy"]) == ["min_pay_seattle", "neutral"]
    fees = [tree["policy"]["min_pay_seattle"]["added_fee_usd"] for tree in found.trees[2:]]
    assert fees == [0.0, 4.99, 0.0, 4.99]


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        ("\n    a: {switches: {drivers.pol: [1, 2]}}\n    b: {values: [1, 2]}\n", "did you mean drivers.pool"),
        (
            "\n    a: {switches: {drivers.pool: [60, 70]}}\n    b: {switches: {drivers.pool: [60, 80]}}\n",
            "drivers.pool is set by another switch too",
        ),
        ("\n    a: {low: 1, high: 2, switches: {drivers.pool: [60, 70]}}\n", "it has no low and high"),
        ("\n    a: {values: [1, 2], switches: {drivers.pool: [60, 70]}}\n", "has the values off and on"),
    ],
)
def test_a_wrong_switch_is_told_before_anything_runs(tmp_path: Path, factors: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        plan(tmp_path, factors)


def written(folder: Path, **changes: object) -> Path:
    points = factorial({POOL: [60.0, 400.0], SHARE: [0.2, 0.8]})
    record = {"kind": "decompose", "varied": [POOL, SHARE, "nothing"], "rows": [0, 0, 1, 1, 2, 2, 3, 3]}
    given: dict[str, object] = {
        "points": points,
        "labels": {POOL: "Driver pool", SHARE: "Mall opt-in"},
        "units": {},
        "replications": 5,
        "tables": (),
        "headline": ({"factor": None, "metrics": ["welfare_usd", "driver_net_usd_per_online_h"]},),
        "record": record,
    }
    return write_results(folder, Design(**{**given, **changes}))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("why"))


def test_the_report_shares_the_paired_difference_and_nothing_else(folder: Path) -> None:
    study = Study.of(load(folder))
    (whole,) = comparisons(study)
    assert (whole.before, whole.after) == (0, 3)
    for metric in whole.metrics:
        frame = parts(study, metric)
        assert frame is not None
        change = study.cube.at(3, metric) - study.cube.at(0, metric)
        assert frame["mean"].iloc[:-1].sum() == pytest.approx(change.mean(), abs=1e-9)
        assert frame["mean"].iloc[-1] == pytest.approx(change.mean())
        assert "Nothing" in set(frame["cause"])
        assert not frame.loc[frame["cause"] == "Nothing", ["mean", "low", "high", "alone", "last"]].to_numpy().any()
        assert frame["alone"].iloc[1] == pytest.approx((study.cube.at(1, metric) - study.cube.at(0, metric)).mean())
        assert frame["last"].iloc[1] == pytest.approx((study.cube.at(3, metric) - study.cube.at(2, metric)).mean())


def test_the_page_says_why(folder: Path) -> None:
    told = [text for text in findings(load(folder)) if text.startswith("Why it changed: welfare: driver pool (60")]
    assert len(told) == 1
    assert "; all together" in told[0]
    page = build_report(folder, papers=["md"]).read_text(encoding="utf-8")
    assert "### Why it changed\n\n- welfare: driver pool" in (folder / "report" / "report.md").read_text(
        encoding="utf-8"
    )
    assert page.count("All at once: driver pool (60") >= 2
    assert "Coming last" in page
    assert "(its Shapley value)" in page
    assert (folder / "report" / "figures" / "why-welfare-usd.png").is_file()


@pytest.mark.parametrize(
    ("changes", "n"),
    [({"replications": 1}, 1), ({"failed": frozenset({(1, 0), (2, 3)})}, 3)],
    ids=["one replication", "failed runs"],
)
def test_runs_that_are_missing_are_left_out_at_every_point(tmp_path: Path, changes: dict[str, object], n: int) -> None:
    folder = written(tmp_path, **changes)
    frame = parts(Study.of(load(folder)), "welfare_usd")
    assert frame is not None
    assert set(frame["n"]) == {n}
    assert frame["mean"].iloc[:-1].sum() == pytest.approx(frame["mean"].iloc[-1])
    assert "nan" not in " ".join(findings(load(folder))).lower()


def test_names_with_dollars_are_drawn_as_they_are(tmp_path: Path) -> None:
    study = Study.of(load(written(tmp_path, labels={POOL: "From $5^ to $x_", SHARE: "<b>Mall</b>"})))
    section = causes_section(study, comparisons(study))
    assert section is not None
    axes = section.charts[0].draw()
    axes.get_figure(root=True).canvas.draw()  # type: ignore[union-attr]
    assert axes.get_yticklabels()[0].get_text().startswith("From $5^ to $x_")
