"""Everything wrong with a tree of settings is told at once: full key, value, allowed range, nearest key."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from galleria.models.errors import UsageError
from galleria.models.settings.errors import nearest_key, problems_of
from tests.market_worlds import settings_of


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OptIn(Strict):
    mode: Literal["fixed_share", "logit"]
    share: float = Field(ge=0, le=1)


class Retailers(Strict):
    opt_in: OptIn


class Drivers(Strict):
    pool: int = Field(ge=0, le=20000)


class Courier(Strict):
    fee_usd: Annotated[float, Field(ge=0)]


class Settings(Strict):
    drivers: Drivers
    retailers: Retailers
    couriers: dict[str, Courier]

    @model_validator(mode="after")
    def _enough(self) -> "Settings":
        if self.drivers.pool == 13:
            raise ValueError("the shares sum to 1.2, not to 1")
        return self


GOOD: dict[str, Any] = {
    "drivers": {"pool": 5},
    "retailers": {"opt_in": {"mode": "logit", "share": 0.5}},
    "couriers": {"rival": {"fee_usd": 3.0}},
}


def problems(**changed: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(GOOD | changed)
    return problems_of(caught.value, Settings)


def test_an_unknown_key_is_told_with_the_nearest_right_one() -> None:
    assert problems(drivers={"pool": 5, "poool": 6}) == [
        "drivers.poool: there is no such key; did you mean drivers.pool?"
    ]


def test_an_unknown_key_in_a_mapping_is_compared_with_its_siblings() -> None:
    assert problems(couriers={"rival": {"fee_usd": 3.0, "fee_us": 4.0}}) == [
        "couriers.rival.fee_us: there is no such key; did you mean couriers.rival.fee_usd?"
    ]


def test_a_value_out_of_range_is_told_with_the_range() -> None:
    assert problems(drivers={"pool": -5}) == [
        "drivers.pool = -5 is out of range (allowed: at least 0 and at most 20000)"
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            {"mode": "logit", "share": "many"},
            "retailers.opt_in.share = many: must be a number (allowed: at least 0 and at most 1)",
        ),
        ({"mode": "vote", "share": 0.1}, "retailers.opt_in.mode = vote: must be one of 'fixed_share', 'logit'"),
        ({"mode": "logit"}, "retailers.opt_in.share is missing: it must be given (allowed: at least 0 and at most 1)"),
        (7, "retailers.opt_in = 7: must be a mapping of keys to values"),
    ],
)
def test_a_wrong_type_or_choice_is_told_with_what_is_expected(value: object, told: str) -> None:
    assert problems(retailers={"opt_in": value}) == [told]


def test_a_rule_over_several_keys_tells_its_own_words() -> None:
    assert problems(drivers={"pool": 13}) == ["settings: the shares sum to 1.2, not to 1"]


def test_all_problems_are_told_at_once() -> None:
    assert len(problems(drivers={"pool": -1, "x": 1}, retailers={"opt_in": {"mode": "vote", "share": 2}})) == 4


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("drivers.poool", "drivers.pool"),
        ("pool", "drivers.pool"),
        ("driver.pool", "drivers.pool"),
        ("quite.something.else", None),
    ],
)
def test_the_nearest_key_is_one_of_the_same_branch_or_the_same_name(key: str, near: str | None) -> None:
    assert nearest_key(key, ["drivers", "drivers.pool", "retailers.opt_in.share"]) == near


def test_a_union_is_named_by_its_key_alone() -> None:
    """`couriers.mall_direct` is a gig courier; the word "gig" is pydantic's, not part of the key."""
    with pytest.raises(UsageError) as caught:
        settings_of("couriers.mall_direct.fee_usd=abc", "couriers.warehouse.tours.leaves_h=25", "city.blocks=abc")
    told = " | ".join(caught.value.problems)
    assert "couriers.mall_direct.fee_usd = abc" in told
    assert "couriers.warehouse.tours.leaves_h = 25" in told
    assert "city.blocks = abc" in told


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["city.blocks=4"], "city.blocks = 4 is out of range (allowed: at least 8"),
        (
            ["city=grid", "city.speed_kph=900"],
            "city.speed_kph = 900 is out of range (allowed: at least 1 and at most 200)",
        ),
        (
            ["policy=commission_cap", "policy.commission_cap.cap=7"],
            "cap = 7 is out of range (allowed: at least 0 and at most 1)",
        ),
        (["policy=commission_cap", "policy.commission_cap.capp=1"], "did you mean policy.commission_cap.cap?"),
        (
            ["policy=commission_cap", "policy.commission_cap.kind=cap"],
            "policy.commission_cap: there is no policy 'cap'",
        ),
        (
            ["policy=min_pay_seattle", "policy.min_pay_seattle.zones=x"],
            "policy.min_pay_seattle.zones = x: must be a list",
        ),
    ],
)
def test_cities_and_policies_say_key_value_and_range(overrides: list[str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings_of(*overrides)
    assert words in caught.value.paragraph()
