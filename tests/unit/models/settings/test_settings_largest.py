"""Infinities and absurd amounts are refused with their key, wherever they stand."""

import pytest

from galleria.experiments.scripting import settings
from galleria.models.errors import UsageError


@pytest.mark.parametrize("value", ["inf", "1e13", "1" + 400 * "0"])
@pytest.mark.parametrize("key", ["drivers.relocation.after_min"])
def test_a_number_that_nothing_has_is_refused(key: str, value: str) -> None:
    with pytest.raises(UsageError, match=key.rpartition(".")[2]):
        settings(["city=toy", f"{key}={value}"])


def test_within_a_list_it_is_refused_too() -> None:
    with pytest.raises(UsageError, match=r"drivers\.hour_taste"):
        settings(["city=toy", f"drivers.hour_taste=[inf{23 * ',1'}]"])


def test_seeds_may_be_large() -> None:
    assert settings(["city=toy", f"city.seed={2**62}"]).city.seed == 2**62


def test_a_chain_that_no_big_box_belongs_to_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"rival_a\.big_box_chain = kmart: there is no such chain; there are walmart"):
        settings(["city=toy", "couriers.rival_a.big_box_chain=kmart"])


def test_a_preparation_longer_than_any_quote_is_refused() -> None:
    with pytest.raises(UsageError, match=r"observed\.preparation_min = 9000: it is above customers\.quote_cap_h"):
        settings(["city=toy", "couriers.rival_a.observed.preparation_min=9000"])
