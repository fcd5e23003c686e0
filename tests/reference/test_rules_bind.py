"""The worlds with rules have in them what they are for: each rule binds, and by as much as it says."""

from tests.reference.world import Parcel
from tests.reference.worlds import WORLDS, both


def delivered_in(world: str) -> list[Parcel]:
    """Return what gig drivers delivered in a world, meals included."""
    _, slow = both(*WORLDS[world])
    return [each for each in [*slow.parcels, *slow.meals] if each.status == "delivered" and each.driver is not None]


def test_a_floor_raises_offers_and_fees_follow() -> None:
    market, slow = both(*WORLDS["a floor on offers, and fees that answer"])
    delivered = delivered_in("a floor on offers, and fees that answer")
    assert sum(order.raised > 0 for order in delivered) > 10
    posted = list(market.settings.couriers.values())
    assert {round(order.fee - posted[order.courier].fee_usd, 9) for order in delivered} == {1.0}
    raised = market.world.orders.raised_usd[: market.world.orders.count]
    assert raised.sum() > 0
    assert abs(raised - [order.raised for order in slow.parcels]).max() < 1e-9


def test_a_floor_holds_in_its_zones_and_by_its_strength() -> None:
    delivered = delivered_in("a floor on minutes in two zones, phased in, meals beside")
    bound = [order for order in delivered if order.raised > 0]
    assert {(order.day, order.zone) for order in bound} == {(1, 0), (1, 2)}
    assert {order.meal is None for order in bound} == {True, False}
    assert {order.zone for order in delivered} > {0, 2}
    for order in bound:
        gap_usd = 0.8 * (order.delivered_s - order.accepted_s) / 60 - (order.pay - order.raised)
        assert abs(order.raised - gap_usd / 2) < 1e-9


def test_caps_on_commissions_and_fees_bind_and_sellers_prices_answer() -> None:
    market, _ = both(*WORLDS["commissions capped, sellers' prices answer"])
    couriers = list(market.settings.couriers.values())
    delivered = delivered_in("commissions capped, sellers' prices answer")
    for order in delivered:
        courier, basket_usd = couriers[order.courier], order.shopper.basket_usd
        assert abs(order.commission - 0.08 * basket_usd) < 1e-9
        fall = 0.8 * (courier.observed.commission - 0.08)
        assert fall > 0
        assert abs(order.markup - (courier.markup - fall) * basket_usd) < 1e-9
        assert order.fee == min(courier.fee_usd + 3.0, 4.5)
    assert {order.fee for order in delivered} == {4.5}


def test_tips_are_left_afterwards_until_the_law_moves_the_prompt_back() -> None:
    market, _ = both(*WORLDS["prompts for tips moved, and moved back by law"])
    left = market.settings.customers.tip_left_after_checkout
    for order in delivered_in("prompts for tips moved, and moved back by law"):
        tip_usd = list(market.settings.couriers.values())[order.courier].tip_of_order_usd
        assert abs(order.tip - tip_usd * (1.0 if order.day else 0.4 + 0.6 * left)) < 1e-9
