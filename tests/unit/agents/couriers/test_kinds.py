"""Couriers' settings answer what differs between them: who sells, who packs, who is paid how, what was observed."""

import numpy as np
import pytest

from galleria.agents.couriers.settings import AnyCourierSettings
from galleria.agents.customers.sourcing import PickupSource, StoreSource, WarehouseSource
from tests.market_worlds import settings_of


@pytest.fixture(scope="module")
def couriers() -> dict[str, AnyCourierSettings]:
    return settings_of("city=toy", "market=full").couriers


@pytest.mark.parametrize(
    ("name", "sellers", "source"),
    [
        ("mall_direct", ("mall",), StoreSource),
        ("doordash", ("mall", "big_box"), StoreSource),
        ("walmart_delivery", ("big_box",), StoreSource),
        ("walmart_pickup", ("big_box",), PickupSource),
        ("warehouse", ("marketplace",), WarehouseSource),
        ("buy_with_prime", ("mall",), WarehouseSource),
    ],
)
def test_who_sells_and_packs(
    couriers: dict[str, AnyCourierSettings], name: str, sellers: tuple[str, ...], source: type
) -> None:
    each = couriers[name]
    assert each.sellers == sellers
    assert each.packs_on_order == (source is not WarehouseSource)
    assert isinstance(each.source(np.ones(3, np.bool_), 7), source)


def test_gig_drivers_are_paid_by_the_offer_unless_under_contract(couriers: dict[str, AnyCourierSettings]) -> None:
    assert [name for name, each in couriers.items() if not each.paid_by_offer] == ["warehouse_gig"]


def test_observed_quotes_are_hours(couriers: dict[str, AnyCourierSettings]) -> None:
    assert couriers["warehouse"].observed_quote_h == 24
    assert couriers["doordash"].observed_quote_h == pytest.approx(28 / 60)
