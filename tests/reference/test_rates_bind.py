"""The worlds in which fees and service rates are set together have in them what they are for."""

import pytest

from tests.reference.strategy import Nash
from tests.reference.worlds import WORLDS, both

CAPPED = "fees and service rates in equilibrium under a cap on commissions, one owner of two, members"
HELD = "fees and service rates in equilibrium, rates held down, from what is expected"


def test_a_cap_on_commissions_comes_back_in_rates_that_are_billed() -> None:
    _, slow = both(*WORLDS[CAPPED])
    rates = {number: [week.rate for week in slow.fees.weeks if week.courier == number] for number in (0, 2, 3)}
    fees = {number: [week.fee for week in slow.fees.weeks if week.courier == number] for number in (0, 2, 3)}
    assert all(after > before + 0.04 for before, after, _ in rates.values())
    assert all(fees[number][1] < fees[number][0] - 0.5 for number in (2, 3)), "rates in the place of fees"
    for number, of_week in rates.items():
        billed = {
            (order.day // 7, round(order.service / order.shopper.basket_usd, 9))
            for order in slow.parcels
            if order.courier == number
        }
        assert billed <= {(week, round(rate, 9)) for week, rate in enumerate(of_week)}
        assert {week for week, _ in billed} >= {0, 1}


def test_rates_are_held_down_where_they_would_be_higher() -> None:
    market, slow = both(*WORLDS[HELD])
    couriers = list(market.settings.couriers.values())
    assert isinstance(slow.fees, Nash)
    assert slow.fees.conditions is not None
    game = slow.fees.desk.game(slow.world, slow.fees.conditions, slow.memory_h)
    tariff = slow.fees.desk.tariff(slow.world)
    for number in (2, 3):
        assert slow.world.rates[number] == 0.16 > couriers[number].service_rate
        assert game.slope({number + len(couriers): 1.0}, tariff) > 0.01
    assert 0 < slow.world.rates[0] < 0.16


@pytest.mark.parametrize("world", [CAPPED, HELD])
def test_no_owner_gains_by_another_fee_and_rate(world: str) -> None:
    _, slow = both(*WORLDS[world])
    assert isinstance(slow.fees, Nash)
    assert slow.fees.conditions is not None
    game = slow.fees.desk.game(slow.world, slow.fees.conditions, slow.memory_h)
    couriers, highest = len(game.firms), slow.world.settings["strategy"]["fees"]["highest_rate"]
    rest = game.equilibrium(slow.fees.desk.tariff(slow.world))

    def owner_gets(number: int, fee: float, rate: float) -> float:
        tariff: list[complex] = [*rest]
        tariff[number], tariff[number + couriers] = fee, rate
        return sum(profit.real for j, profit in enumerate(game.profits(tariff)) if game.owns(number, j))

    for number in game.priced:
        best = owner_gets(number, rest[number], rest[number + couriers])
        for fee in range(0, 60, 8):
            assert all(owner_gets(number, fee, highest * part / 5) <= best + 1e-12 for part in range(6))
