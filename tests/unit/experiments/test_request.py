"""A command line is read by Hydra's grammar: what is a choice, what a value, what a sweep."""

from collections.abc import Iterator

import pytest

from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.request import chosen, parse


@pytest.fixture(scope="module")
def opened() -> Iterator[Composer]:
    with composer(Source(CONF)) as found:
        yield found


def test_overrides_are_sorted(opened: Composer) -> None:
    request = parse(["policy=none", "drivers.pool=100", "city.households=range(1,4)", "hydra.verbose=true"], opened)
    assert request.choices == ("policy=none", "hydra.verbose=true")
    assert [(each.key, each.value) for each in request.assignments] == [("drivers.pool", 100)]
    assert request.sweeps["city.households"].values == (1, 2, 3)
    assert request.fixed() == {"policy": "none", "drivers.pool": 100}
    assert request.problems == ()


def test_a_glob_names_the_choices_of_a_group(opened: Composer) -> None:
    found = parse(["policy=glob(min_*,exclude=*nyc*)"], opened).sweeps["policy"].values
    assert found is not None
    assert "min_pay_seattle" in found
    assert all(str(name).startswith("min_") and "nyc" not in str(name) for name in found)
    assert "no choice of policy has such a name" in parse(["policy=glob(max_*)"], opened).problems[0]


@pytest.mark.parametrize("text", ["policy=min_pay_seattle+pass_through", "policy=[min_pay_seattle,pass_through]"])
def test_several_choices_of_a_group_are_one_level(opened: Composer, text: str) -> None:
    request = parse([text], opened)
    assert request.choices == ("policy=[min_pay_seattle,pass_through]",)
    assert request.fixed() == {"policy": "min_pay_seattle+pass_through"}
    assert set(opened.compose(request.choices)["policy"]) == {"min_pay_seattle", "pass_through"}


def test_each_wrong_name_of_a_level_is_told(opened: Composer) -> None:
    request = parse(["policy=none,min_pay_seatle+pass_throu"], opened)
    assert len(request.problems) == 2
    assert "did you mean min_pay_seattle?" in request.problems[0]
    assert request.sweeps == {}


def test_text_in_quotes_and_numbers_keep_their_type(opened: Composer) -> None:
    request = parse(["run.tables='all',metrics", "drivers.pool=interval(1,5)", "run.seed=1,2.5,true,null"], opened)
    assert request.sweeps["run.tables"].values == ("all", "metrics")
    assert (request.sweeps["drivers.pool"].low, request.sweeps["drivers.pool"].high) == (1, 5)
    assert request.sweeps["run.seed"].values == (1, 2.5, True, None)


def test_a_value_is_set_where_the_key_is(opened: Composer) -> None:
    request = parse(["policy.min_pay_seattle.usd_per_mile=1"], opened)
    without, having = opened.compose(()), opened.compose(["policy=min_pay_seattle"])
    assert request.apply(without) == without
    assert request.absent(without) == ["policy.min_pay_seattle.usd_per_mile"]
    assert request.apply(having)["policy"]["min_pay_seattle"]["usd_per_mile"] == 1
    assert request.absent(having) == []


def test_a_level_is_written_as_hydra_takes_it() -> None:
    assert chosen("policy", "a+b") == "policy=[a,b]"
    assert chosen("policy", "a") == "policy=a"
    assert chosen("policy", None) == "policy=null"
