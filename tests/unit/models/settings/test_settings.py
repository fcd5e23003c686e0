"""Settings refuse what cannot be, with the key and the range."""

import pytest

from galleria.models.errors import UsageError
from tests.market_worlds import settings_of


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("run.runout_h=49", "runout_h"),
        ("retailers.mall.opens_h=22", "opens_h"),
        ("retailers.categories.shoes=0.5", "sum to 1"),
        ("customers.purposes.today.share=0.5", "sum to 1"),
        ("customers.observed_share.none=0.5", "sum to 1"),
        ("drivers.multi_homing_share=1.5", "multi_homing_share"),
        ("dispatch.rule=closest", "no dispatch rule"),
        ("couriers.mall_direct.commission=-0.1", "commission"),
        ("couriers.rival_a.firm=null", "firm"),
        ("couriers.rival_a.serves=[wedding]", "no purpose wedding"),
        ("policy.wish={}", "no policy"),
    ],
)
def test_what_cannot_be_is_refused(override: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        settings_of("city=toy", override)
    assert told in " ".join(refused.value.problems)


def test_free_flow_has_no_slow_hour() -> None:
    slow = "traffic.speed_factor=[" + ",".join(["0.5"] + ["1"] * 23) + "]"
    with pytest.raises(UsageError):
        settings_of("city=toy", "traffic=free_flow", slow)


def test_settings_are_frozen_and_equal_when_alike() -> None:
    settings = settings_of("city=toy")
    with pytest.raises(ValueError, match="frozen"):
        settings.run.seed = 3  # type: ignore[misc]  # that is what is refused
    assert settings == settings_of("city=toy", "run.days=1")
