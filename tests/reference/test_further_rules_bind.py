"""The further worlds have in them what they are for: habits, rents, costs of shifts, contracts, subsidies, starts."""

import pytest

from tests.reference.further import FURTHER_WORLDS
from tests.reference.market import SlowMarket
from tests.reference.world import Parcel
from tests.reference.worlds import both


def run(world: str, *other: str) -> SlowMarket:
    """Return the slow market of a world, perhaps with something else."""
    return both(*FURTHER_WORLDS[world], *other)[1]


def choices(slow: SlowMarket, day: int) -> list[int]:
    """Return what shoppers chose on a day."""
    return [shopper.choice for shopper in slow.world.days[day]]


def from_malls(slow: SlowMarket, day: int) -> list[Parcel]:
    """Return the orders of a day at mall stores."""
    return [order for order in slow.parcels if order.day == day and order.shop and order.shop.mall is not None]


def test_habits_change_choices_from_the_second_day() -> None:
    slow = run("habits count, rents on sales")
    free = run("habits count, rents on sales", "customers.inertia_usd=0")
    assert choices(slow, 0) == choices(free, 0)
    before = {shopper.person: shopper.choice for shopper in slow.world.days[0]}
    kept = [
        sum(shopper.choice == before.get(shopper.person) for shopper in each.world.days[1]) for each in (slow, free)
    ]
    assert kept[0] > kept[1] + 5


def test_landlords_get_rent_on_both_kinds_of_sales() -> None:
    slow = run("habits count, rents on sales")
    sold = sum(
        order.shopper.basket_usd
        for order in slow.parcels
        if order.status == "delivered" and order.shop and order.shop.mall is not None
    )
    assert slow.accounts.balance["landlord", 0] / 10_000 > 0.08 * sold + 1 > 10


def test_drivers_pay_for_shifts_and_plan_short_days() -> None:
    name = "logging on and further apps cost, days are short, opened at rest"
    slow, free = run(name), run(name, "drivers.log_on_cost_usd=0", "drivers.app_cost_usd_per_h=0")
    assert slow.accounts.balance["log-on", 0] > 0
    assert slow.accounts.balance["apps", 0] > 0
    hours = [sum(row) for row in slow.wants]
    assert max(hours) == 5
    assert sum(hours) != sum(sum(row) for row in free.wants)


def test_the_first_half_of_drivers_keeps_one_app() -> None:
    slow = run("drivers on one app each, half in force")
    gigs = slow.world.gigs
    half = len(gigs) // 2
    assert all(len(gig.apps) == 1 for gig in gigs[:half])
    assert any(len(gig.chosen) > 1 for gig in gigs[:half])
    assert {len(gig.apps) for gig in gigs[half:]} == {1, 3}
    assert len({tuple(gig.apps) for gig in gigs[:half]}) == 3
    assert any(len(order.driver.chosen) > 1 for order in slow.parcels if order.driver and order.driver.number < half)


def test_the_first_half_of_stores_keeps_one_app() -> None:
    stores = run("stores on one app each, half in force").membership.stores
    assert {len(shop.listed) for shop in stores[:20]} <= {0, 1}
    assert any(len(shop.wanted) > 1 for shop in stores[:20])
    assert any(len(shop.listed) > 1 for shop in stores[20:])


def test_contracts_are_void_and_their_price_with_them() -> None:
    slow = run("stores bound to mall-direct, void from the second day")
    rates = [
        {round(order.commission / order.shopper.basket_usd, 6) for order in from_malls(slow, day) if order.courier == 0}
        for day in (0, 1)
    ]
    assert [len(each) for each in rates] == [1, 1]
    assert rates[1].pop() - rates[0].pop() == pytest.approx(0.03)
    direct = [shop for shop in slow.membership.stores if 0 in shop.listed]
    assert len(direct) == 20
    assert any(len(shop.listed) > 1 for shop in direct)
    bound = {order.shop.number for order in from_malls(slow, 0) if order.shop and order.courier == 0}
    assert not bound & {order.shop.number for order in from_malls(slow, 0) if order.shop and order.courier != 0}


def test_the_subsidy_ends_when_it_is_spent() -> None:
    slow = run("stores subsidised until it is spent")
    assert slow.accounts.subsidies_usd > 600
    assert slow.accounts.balance["government", 0] == -round(slow.accounts.subsidies_usd * 10_000)
    assert slow.accounts.subsidy == (0.0, 0.0)


def test_a_subsidy_brings_stores_in() -> None:
    name = "stores subsidised, and reviewing"
    subsidised, alone = (
        run(name),
        run(name, "policy.mall_subsidy.usd_per_week=0", "policy.mall_subsidy.usd_per_order=0"),
    )
    on = [sum(0 in shop.listed for shop in slow.membership.stores) for slow in (subsidised, alone)]
    assert on[0] > on[1] + 3


@pytest.mark.parametrize("world", [name for name in FURTHER_WORLDS if "start where" in name])
def test_stores_start_inside(world: str) -> None:
    slow = run(world)
    on, then = sum(0 in shop.listed for shop in slow.membership.stores), slow.couriers[0]["observed"]["listed_share"]
    assert 0 < on < len(slow.membership.stores)
    assert on != round(then * len(slow.membership.stores))
