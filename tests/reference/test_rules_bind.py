"""The worlds with rules have in them what they are for: each rule binds, and by as much as it says."""

from itertools import pairwise, product

import numpy as np
import pytest

from galleria.models.market import Market
from tests.reference.beliefs import worked
from tests.reference.strategy import Nash
from tests.reference.world import HOUR_S, Parcel
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


def test_independents_are_capped_and_shown_less_and_chains_are_not() -> None:
    market, _ = both(*WORLDS["independents capped and shown less, half in force"])
    couriers = list(market.settings.couriers.values())
    delivered = [each for each in delivered_in("independents capped and shown less, half in force") if each.shop]
    sold = {True: 0, False: 0}
    for order in delivered:
        assert order.shop is not None
        rate = 0.08 if order.shop.independent else couriers[order.courier].commission
        assert abs(order.commission - rate * order.shopper.basket_usd) < 1e-9
        sold[order.shop.independent] += 1
    assert min(sold.values()) > 5


def test_tips_are_left_afterwards_until_the_law_moves_the_prompt_back() -> None:
    market, _ = both(*WORLDS["prompts for tips moved, and moved back by law"])
    left = market.settings.customers.tip_left_after_checkout
    for order in delivered_in("prompts for tips moved, and moved back by law"):
        tip_usd = list(market.settings.couriers.values())[order.courier].tip_of_order_usd
        assert abs(order.tip - tip_usd * (1.0 if order.day else 0.4 + 0.6 * left)) < 1e-9


def test_taxes_are_due_where_and_as_far_as_they_hold() -> None:
    _, slow = both(*WORLDS["deliveries by gig drivers taxed at malls, meals too, half in force"])
    at_mall = {slow.world.rules.policies[0]["zones"][0]}
    taxed = [order for order in [*slow.parcels, *slow.meals] if order.tax]
    assert {(order.day, order.zone, order.tax) for order in taxed} == {(1, zone, 1.5) for zone in at_mall}
    assert {order.meal is None for order in taxed} == {True, False}
    assert all(order.shop or order.meal for order in taxed)
    assert any(order.shop is None for order in slow.parcels if order.zone in at_mall)
    delivered = [order for order in taxed if order.status == "delivered"]
    assert slow.accounts.balance["government", 0] == 15_000 * len(delivered) > 0


def test_taxes_add_up_and_meals_may_be_exempt() -> None:
    _, slow = both(*WORLDS["two taxes: all large baskets, meals exempt; and a little of each"])
    due = [(order.shopper.basket_usd >= 30, order.shop is None, order.tax) for order in slow.parcels]
    assert all(tax == pytest.approx(2.78 if large else 0.28) for large, _, tax in due)
    assert {(large, by_van) for large, by_van, _ in due} == set(product((True, False), repeat=2))
    assert {meal.tax for meal in slow.meals} == {0.28}
    assert any(meal.shopper.basket_usd > 30 for meal in slow.meals)


def test_half_of_what_a_floor_costs_is_passed_on_from_the_second_day() -> None:
    """At a cost that is the same at all volumes the addition is its half, of the days seen, the last weighing most."""
    market, slow = both(*WORLDS["a floor on offers, half passed on, over a week"])
    delivered = delivered_in("a floor on offers, half passed on, over a week")
    first = [order for order in delivered if order.delivered_s <= 24 * HOUR_S]
    added = set()
    for number, courier in enumerate(market.settings.couriers.values()):
        mine = [order for order in first if order.courier == number]
        half_usd = sum(order.raised for order in mine) / len(mine) / 2 if mine else 0.0
        for order in slow.parcels:
            if order.courier == number and order.day < 2:
                assert order.fee == pytest.approx(courier.fee_usd + order.day * half_usd)
        added.add(round(slow.world.added["order", number], 2))
    assert len(added) > 2
    assert max(added) > 0.5


def test_what_is_passed_on_grows_up_to_the_most() -> None:
    market, slow = both(*WORLDS["caps on commissions passed on, growing, meals beside, little at most"])
    posted = list(market.settings.couriers.values())
    by_day = {
        day: {round(order.fee - posted[order.courier].fee_usd, 9) for order in slow.parcels if order.day == day}
        for day in range(3)
    }
    assert by_day[0] == {0.0}
    assert max(by_day[1]) == max(by_day[2]) == 3.0
    assert slow.short[0] == set()
    assert {kind for kind, _ in slow.short[2]} == {"order", "meal"}
    assert slow.meals[-1].fee > slow.meals[0].fee + 0.5
    assert min(slow.world.answer.values()) < 0.9


def test_fewer_are_let_in_for_the_orders_that_additions_lead_to() -> None:
    _, slow = both(*WORLDS["floors on hours passed on, log-ins capped, meals beside"])
    assert max(slow.world.added.values()) > 1
    assert min(slow.world.answer.values()) < 0.9
    wants, inside = np.array(slow.wants), np.array(slow.let_in)
    assert (wants & ~inside).sum() > 10
    usual = slow.gate.online_h({})
    now = slow.gate.online_h(slow.world.answer)
    assert usual is not None
    assert now is not None
    assert now < usual


def test_newcomers_have_wages_and_records_of_their_own() -> None:
    market, slow = both(*WORLDS["nine in ten drivers go in a month, log-ins capped by record"])
    gigs = slow.world.gigs
    came = {number for _, number in slow.came}
    assert {day for day, _ in slow.came} == {0, 1, 2}
    assert 8 < len(came) < len(gigs) / 2
    before = Market(market.settings, market.world.city).world.drivers
    for gig in gigs:
        assert (gig.reservation == before.reservation_usd_per_h[gig.number]) == (gig.number not in came)
    went_with_a_record = [gig for gig in gigs if gig.number in came and market.world.drivers.orders_before[gig.number]]
    assert went_with_a_record
    wants, inside = np.array(slow.wants), np.array(slow.let_in)
    assert (wants & ~inside).any()


def test_stores_join_and_leave_and_learn_from_their_weeks() -> None:
    _, slow = both(*WORLDS["stores review mall-direct each week, three weeks"])
    assert {(week, joins) for week, _, joins in slow.membership.moved} == {(0, True), (0, False), (1, True), (1, False)}
    stores = slow.membership.stores
    assert len({round(slow.membership.believed[shop.number], 6) for shop in stores}) > 5


def test_exclusive_stores_sell_through_mall_direct_alone_and_for_less() -> None:
    market, slow = both(*WORLDS["stores on mall-direct are on it alone, for less, and review it"])
    assert {joins for _, _, joins in slow.membership.moved} == {True, False}
    direct = next(iter(market.settings.couriers.values()))
    first = [order for order in slow.parcels if order.shop and order.shop.mall is not None and order.day < 7]
    alone = {order.shop.number for order in first if order.shop and order.courier == 0}
    assert alone
    assert not alone & {order.shop.number for order in first if order.shop and order.courier != 0}
    rates = {round(order.commission / order.shopper.basket_usd, 9) for order in first if order.courier == 0}
    assert rates == {round(direct.commission - market.settings.retailers.opt_in.exclusive_commission_cut, 9)}


def test_the_market_as_observed_is_an_equilibrium_and_later_ones_follow_what_was_seen() -> None:
    market, slow = both(*WORLDS["fees in equilibrium, crowded, two weeks and a day"])
    fees = {number: [week.fee for week in slow.fees.weeks if week.courier == number] for number in (0, 2, 3)}
    for number, courier in enumerate(market.settings.couriers.values()):
        if number in fees:
            first, *later = fees[number]
            assert first == pytest.approx(courier.observed.fee_usd, abs=1e-9)
            assert len({round(each, 4) for each in fees[number]}) == 3
            assert max(abs(each - first) for each in later) > 0.001
            billed = [
                {order.fee for order in slow.parcels if order.courier == number and order.day // 7 == week}
                for week in range(3)
            ]
            assert billed == [{each} for each in fees[number]]


def test_fees_in_equilibrium_answer_owners_caps_and_floors_and_nobody_gains_by_another() -> None:
    name = "fees in equilibrium under a floor on hours and a cap on commissions, one owner of two, members"
    market, slow = both(*WORLDS[name])
    assert isinstance(slow.fees, Nash)
    (direct, before, other), after = ([week.fee for week in slow.fees.weeks if week.week == k] for k in (0, 1))
    couriers = list(market.settings.couriers.values())
    assert before > couriers[2].fee_usd + 1
    assert other > couriers[3].fee_usd + 1
    assert max(abs(new - old) for new, old in zip(after, (direct, before, other), strict=True)) > 0.1
    assert slow.fees.weeks[-2].cost is not None
    assert slow.fees.weeks[1].cost is not None
    assert slow.fees.weeks[-2].cost > slow.fees.weeks[1].cost + 5, "the floor on hours, from the second week on"
    desk, conditions = slow.fees.desk, slow.fees.conditions
    assert conditions is not None
    game = desk.game(slow.world, conditions, slow.memory_h)
    rest = game.equilibrium(slow.world.fees)

    def owner_gets(number: int, fee: float) -> float:
        profits = game.profits([fee if k == number else each for k, each in enumerate(rest)])
        return sum(profits[k].real for k, firm in enumerate(game.firms) if firm == game.firms[number])

    for number in game.priced:
        assert all(owner_gets(number, fee) <= owner_gets(number, rest[number]) + 1e-12 for fee in range(0, 60, 3))
    assert len({game.firms[number] for number in game.priced}) == 2


def test_fees_settle_and_climb_by_steps_and_turn_round() -> None:
    _, settled = both(*WORLDS["fees in equilibrium that settle, from what is expected"])
    fees = [[week.fee for week in settled.fees.weeks if week.week == k] for k in range(3)]
    assert fees[0] != fees[1] == fees[2]
    assert len(fees[0]) == 4
    _, slow = both(*WORLDS["fees climb for three weeks, one owner of two"])
    by_courier = [[week.fee for week in slow.fees.weeks if week.courier == number] for number in (0, 2, 3)]
    steps = [[round(b - a, 9) for a, b in pairwise(fees)] for fees in by_courier]
    assert {step for each in steps for step in each} == {-1.0, 0.0, 1.0}
    assert steps[0][:2] == [1.0, -1.0], "it turned round"
    assert all((one == 0) != (other == 0) for one, other in zip(*steps[1:], strict=True)), "one fee of a firm a week"


CAPS = [
    "log-ins capped, by record",
    "log-ins capped by lot, meals beside, half in force",
    "floors on hours, log-ins at least cost, meals beside",
]


@pytest.mark.parametrize("world", CAPS)
def test_caps_keep_drivers_out_whose_app_is_full_but_not_all(world: str) -> None:
    market, slow = both(*WORLDS[world])
    wants, inside = np.array(slow.wants), np.array(slow.let_in)
    assert (inside <= wants).all()
    assert (wants & ~inside).sum() > 10
    assert inside.any(axis=0).sum() > 10
    assert len(delivered_in(world)) > 20
    if world == "log-ins capped, by record":
        assert {tuple(sorted(gig.apps)) for gig in slow.world.gigs} > {(0, 2, 3)}
        assert max(gig.record for gig in slow.world.gigs) > 5
        assert [gig.record for gig in slow.world.gigs] == market.world.drivers.orders.tolist()


def test_a_cap_at_least_cost_binds_under_a_floor_on_hours_only() -> None:
    _, slow = both(*WORLDS["hours cost nothing to save on, a cap half in force"])
    assert slow.world.rules.utilisation == 0.5
    assert slow.let_in == slow.wants


@pytest.mark.parametrize("world", ["floors on hours", "floors on hours, log-ins at least cost, meals beside"])
def test_both_requirements_of_a_floor_on_hours_are_topped_up_to(world: str) -> None:
    """Some get more for their trips alone; and all hours on line together are paid the floor, tips apart."""
    market, slow = both(*WORLDS[world])
    rules, gigs, couriers = slow.world.rules, slow.world.gigs, range(len(slow.couriers))
    last = slow.top_ups[-1]
    fast = market.world.memory.top_ups_usd[-1]
    assert [sum(last[gig.number, courier] for gig in gigs) for courier in couriers] == pytest.approx(fast)
    carried = [order for order in delivered_in(world) if order.delivered_s <= (len(slow.world.days)) * 24 * HOUR_S]
    today = [order for order in carried if order.delivered_s > (len(slow.world.days) - 1) * 24 * HOUR_S]
    owed_for_trips = 0.0
    for gig in gigs:
        for courier in couriers:
            mine = [order for order in today if order.driver is gig and order.courier == courier]
            hours = sum(order.delivered_s - order.accepted_s for order in mine) / HOUR_S
            owed = max(0.0, rules.trip_usd * hours - sum(order.pay for order in mine))
            assert last[gig.number, courier] >= owed - 1e-9
            owed_for_trips += owed
    online_h = sum(worked(gig, len(slow.world.days) - 1, hour) for gig in gigs for hour in range(24))
    assert sum(order.pay for order in today) + sum(last.values()) >= rules.hourly_usd * online_h - 1e-6
    assert owed_for_trips > 1
    pays_for_waiting = sum(last.values()) > owed_for_trips + 1
    assert pays_for_waiting == (world == "floors on hours"), (
        "where few are let in, pay for trips is enough for all hours"
    )
