"""Policies that contradict each other or the market are refused with the keys and the reason, before anything runs."""

import pytest

from galleria.experiments.galleria import Galleria
from galleria.models.errors import UsageError
from galleria.models.market import Market
from tests.market_worlds import city_of, settings_of

HOURLY = "policy=min_pay_nyc_hourly"
CAP = "policy.delivery_fee_cap"


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (("policy=[exclusive_drivers,exclusivity_ban]",), r"exclusive_drivers\.drivers = exclusive contradicts"),
        (("policy=[exclusive_retailers,retailer_exclusivity_ban]",), r"retailers = open: stores cannot be bound"),
        ((HOURLY, "couriers.rival_a.contract.kind=hourly"), r"min_pay_nyc_hourly with couriers\.rival_a\.contract"),
        (("policy=log_in_cap", "couriers.mall_direct.contract.kind=block"), r"whose waiting the rule would cover"),
        (("policy=[min_pay_seattle,pass_through]", "policy.min_pay_seattle.added_fee_usd=4.99"), "cost on twice"),
        (("policy=pass_through", "strategy=nash"), r"policy\.pass_through with strategy\.fees\.rule = nash"),
        (
            ("policy=commission_cap", "policy.commission_cap.added_fee_usd=1", "strategy=hill_climb"),
            r"policy\.commission_cap\.added_fee_usd with strategy\.fees\.rule = hill_climb",
        ),
        (("policy=delivery_fee_cap", "strategy=nash"), r"set strategy\.fees\.lowest_usd and highest_usd instead"),
        (("policy=speed_promise", "policy.speed_promise.hours=0.25"), r"hours = 0\.25: the promise is shorter than"),
        (
            ("policy=delivery_fee_cap", f"{CAP}.lowest_usd=4"),
            r"lowest_usd \(4\) must not be above highest_usd",
        ),
        (
            ("policy=commission_cap", "policy.commission_cap.to_day=0"),
            r"to_day \(0\) must be later than from_day",
        ),
        (("policy=congestion_charge", "policy.congestion_charge.usd_per_entry=9"), "nobody enters a zone"),
        (("policy=curb_fee", "policy.curb_fee.zones=downtown"), r"curb_fee\.zones"),
    ],
)
def test_what_makes_no_sense_is_refused(overrides: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        settings_of("city=toy", *overrides)


def limits(name: str, lowest: float, highest: float | None, **more: object) -> dict[str, dict[str, object]]:
    schedule = {"from_day": 0, "to_day": None, "phase_in_days": 0, "zones": None}
    return {name: {"kind": "fee_limits", "lowest_usd": lowest, "highest_usd": highest} | schedule | more}


def test_a_floor_above_a_ceiling_is_refused_where_and_when_both_hold() -> None:
    tree = settings_of("city=toy").model_dump(mode="json")

    def problems_of(policies: dict[str, dict[str, object]]) -> str:
        try:
            Galleria().check(tree | {"policy": policies})
        except UsageError as error:
            return error.paragraph()
        return ""

    floor, ceiling = limits("books", 4.0, None), limits("cap", 0.0, 3.0)
    expected = "policy.books.lowest_usd = 4 is above policy.cap.highest_usd = 3: no fee is allowed by both"
    assert expected in problems_of(floor | ceiling)
    assert expected in problems_of(ceiling | floor)
    assert not problems_of(floor | limits("cap", 0.0, 5.0))
    assert not problems_of(limits("books", 4.0, None, to_day=7) | limits("cap", 0.0, 3.0, from_day=7))
    assert not problems_of(limits("books", 4.0, None, zones=[1]) | limits("cap", 0.0, 3.0, zones=[0, 2]))
    assert expected in problems_of(limits("books", 4.0, None, zones=[1]) | limits("cap", 0.0, 3.0, zones="malls"))


def test_a_zone_that_does_not_exist_is_refused_with_those_that_do() -> None:
    """The toy city has four zones."""
    settings = settings_of("city=toy", "policy=curb_fee", "policy.curb_fee.zones=[1,4,9]")
    reason = "policy.curb_fee.zones: there is no zone 4, 9; the city has zones 0 to 3"
    with pytest.raises(UsageError, match=reason):
        Galleria().prepare(settings.model_dump(mode="json"))
    with pytest.raises(ValueError, match=reason):
        Market(settings, city_of(settings.city), 0)


def test_points_that_name_other_zones_are_checked_each() -> None:
    model = Galleria()
    shared = [
        model.shared(
            settings_of("city=toy", "policy=curb_fee", f"policy.curb_fee.zones={zones}").model_dump(mode="json")
        )
        for zones in ("null", "[1]", "[2]")
    ]
    assert len({str(each) for each in shared}) == 3
    assert shared[0] == model.shared(settings_of("city=toy").model_dump(mode="json"))
