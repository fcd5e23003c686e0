"""Values outside what conf/ calls plausible are told, far outside refused, and nothing that conf/ itself chooses is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.plausible import implausible
from galleria.experiments.design.points import without_questions
from galleria.experiments.design.request import parse
from galleria.experiments.design.stated_ranges import Stated, statements
from galleria.experiments.design.trees import JsonTree
from galleria.experiments.galleria import Galleria
from galleria.experiments.scripting import settings
from galleria.models.errors import UsageError


@pytest.fixture
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


def checked(composing: Composer, *overrides: str) -> JsonTree:
    return Galleria().check(without_questions(resolved(parse(overrides, composing).apply(composing.compose(())))))


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("$/h, 12-25; between 3 and 4", (12, 25)),
        ("$, -20 to 20; worth", (-20, 20)),
        ("operating days, 1..364; weeks matter", (1, 364)),
        ("households, 20 000 to 300 000; on about 400 km2", (20000, 300000)),
        ("-, 1e-5 to 1e-2; gap", (1e-5, 1e-2)),
        ("of the basket; plans of 15-30 %", None),
        ("points, 2..2^24", None),
    ],
)
def test_ranges_are_read_in_each_form_that_conf_has(said: str, ends: tuple[float, float] | None) -> None:
    assert Stated(("key",), "1", said).ends == ends


def test_what_conf_chooses_lies_within_its_own_range() -> None:
    """A value of 0 may lie below: it switches off."""
    numbers = [
        (path.name, each.names, float(each.value or 0), each.ends)
        for path in CONF.rglob("*.yaml")
        for each in statements(path)
        if each.ends is not None and re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", each.value or "")
    ]
    assert len(numbers) > 700
    assert [each for each in numbers if each[2] and not each[3][0] <= each[2] <= each[3][1]] == []


def test_nothing_is_said_of_the_usual_market(composing: Composer) -> None:
    assert implausible([checked(composing), checked(composing, "city.seed=7")]) == []


def test_values_outside_are_told_once_for_all_points(composing: Composer) -> None:
    trees = [checked(composing, f"drivers.pool={pool}", "couriers.rival_a.tip_usd=9") for pool in (3, 5)]
    assert implausible(trees) == [
        "drivers.pool = 3 is outside what is plausible (20 to 20000)",
        "couriers.rival_a.tip_usd = 9 is outside what is plausible (0 to 6)",
    ]


def test_next_to_nothing_is_plausible_where_nothing_is(composing: Composer) -> None:
    assert checked(composing, "drivers.multi_homing_share=1e-9")["drivers"]["multi_homing_share"] == 1e-9


def test_policies_are_known_by_their_kind_whatever_their_name() -> None:
    dates = "from_day: 0, to_day: null, phase_in_days: 0, zones: null"
    mine = f"{{kind: delivery_tax, usd_per_order: 5000, least_basket_usd: 0, taxed: all, meals: true, {dates}}}"
    with pytest.raises(UsageError, match=r"policy\.mine\.usd_per_order = 5000 is out of range \(plausible: 0 to 3"):
        settings(["city=toy", f"+policy.mine={mine}"])


@pytest.mark.parametrize("value", ["1e-6", "2e9"])
def test_a_slip_of_units_is_refused_by_key(value: str) -> None:
    with pytest.raises(UsageError, match=r"customers\.basket\.mean_usd = .* is out of range \(plausible: 30 to 110"):
        settings(["city=toy", f"customers.basket.mean_usd={value}"])


def test_a_run_tells_what_is_unusual_on_one_line_and_in_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "city=toy", "drivers.pool=3", f"run.output={tmp_path / 'results'}"]) == 0
    assert capsys.readouterr().err == "galleria: drivers.pool = 3 is outside what is plausible (20 to 20000)\n"
    assert "drivers.pool = 3 is outside" in (tmp_path / "results" / "report" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ['""', "' '"])
@pytest.mark.parametrize("key", ["city.name", "couriers.rival_a.big_box_chain", "couriers.rival_a.observed.firm"])
def test_empty_names_are_refused(key: str, name: str) -> None:
    with pytest.raises(UsageError, match=rf"{key}.*must not be empty"):
        settings(["city=toy", f"{key}={name}"])


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (["run.replications=100001"], r"run\.replications = 100001 is out of range"),
        (["drivers.pool=range(1,1000000000)"], r"drivers\.pool=range\(1,1000000000\): at most 65,536 values"),
        (["drivers.pool=range(1,inf,0.5)"], r"at most 65,536 values"),
        (["drivers.pool=range(1,5,0)"], r"step of a range must not be 0"),
        (["drivers.pool=range(100,400)", "run.days=range(1,300)"], r"it has 89,700 points, and at most 65,536"),
        (["design=lhs", "design.points=70000", "drivers.pool=interval(60,400)"], r"design\.points = 70000 is out of"),
        (["drivers.pool=100,200,300", "run.replications=100000"], None),
        (["drivers.pool=range(100,130)", "run.replications=100000"], r"30 points make 3,000,000 runs; at most"),
    ],
)
def test_more_than_can_be_done_is_refused_at_once(composing: Composer, asked: list[str], wrong: str | None) -> None:
    request = parse(("city=toy", *asked), composing)
    if wrong is None:
        assert len(plan_design(request, composing, Galleria()).points) == 3
        return
    with pytest.raises(UsageError, match=wrong):
        plan_design(request, composing, Galleria())


SMALL = ("city=toy", "customers.calibration.sample=1000")


def test_shares_that_no_constants_give_are_refused_before_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of all orders by a courier that reaches one corner of the town."""
    shares = {"mall_direct": 0.5, "warehouse": 0.1, "none": 0.1, "store_mall": 0.14, "store_big_box": 0.1}
    asked = [f"customers.observed_share.{name}={share}" for name, share in shares.items()]
    near = [f"couriers.mall_direct{node}.service_radius_km=0.01" for node in ("", ".observed")]
    assert main(["run", *SMALL, *asked, *near, f"run.output={tmp_path / 'new'}"]) == 2
    assert "customers.observed_share: the channel shares cannot be reached" in capsys.readouterr().err
    assert not (tmp_path / "new" / "metrics.parquet").exists()


def test_shares_whose_sum_is_rounded_are_reached() -> None:
    point = settings([*SMALL, "customers.observed_share.none=0.29999996"])
    assert Galleria().prepare(point.model_dump(mode="json")).name == "toy"
