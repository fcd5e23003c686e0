"""Policies in a market: in force on their days and in their zones, billed to the cent, and felt by those they bind."""

import numpy as np
import pytest

from galleria.agents.couriers.top_up import engaged_hours
from galleria.agents.regulator.regulator import unregulated
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.market import Market
from galleria.models.money.burden import Burden, DayOfCosts
from galleria.models.regulation.forecast import wanted_orders
from tests.market_worlds import BUSY_TOY, market_of, run_of

THICK = (*BUSY_TOY, "drivers.reservation.median_usd_per_h=8")
RIVAL_A = 2
NASH = (*BUSY_TOY, "strategy=nash", "customers.calibration.sample=2000")


def test_a_burden_is_the_mean_of_the_last_days_that_had_one() -> None:
    """Days at 3 $ an order, then a week and more at 6 $: the old cost fades; days without cost do not count."""
    nothing, burden = unregulated(), Burden(2)

    def cost(orders: float, usd: float) -> DayOfCosts:
        day = np.array([0.0, usd]), np.array([5.0, orders])
        return DayOfCosts(*day, engaged_h=np.zeros(2), paid_usd=np.zeros(2), other_h=0.0, online_h=50.0)

    def usd_per_order() -> list[float]:
        return [float(each) for each in burden.usd_per_order(np.ones(2), 50.0, nothing)]

    assert not burden.known
    assert usd_per_order() == [0, 0]
    burden.learn(cost(10.0, 30.0), nothing, 1 / 7)
    burden.learn(cost(20.0, 60.0), nothing, 1 / 7)
    assert burden.known
    assert usd_per_order() == pytest.approx([0, 3])
    for _ in range(30):
        burden.learn(cost(10.0, 60.0), nothing, 1 / 7)
    assert usd_per_order() == pytest.approx([0, 6], abs=0.1)
    before = usd_per_order()
    burden.learn(cost(10.0, 0.0), nothing, 1 / 7)
    assert usd_per_order() == before


def test_under_a_floor_an_order_costs_its_part_of_the_hours_on_line() -> None:
    """Ten orders of half an hour, five hours of meals, 16 on line at 18 $/h: 14.40 $ an order, and 10 $ are paid."""
    floor = market_of("city=toy", "policy=min_pay_nyc_hourly", "policy.min_pay_nyc_hourly.usd_per_h=18").world.regulator
    burden = Burden(2)
    engaged_h, paid_usd = np.array([4.0, 1.0]), np.array([80.0, 20.0])
    burden.learn(DayOfCosts(np.zeros(2), np.array([8.0, 2.0]), engaged_h, paid_usd, 5.0, 16.0), floor, 1.0)
    np.testing.assert_allclose(burden.usd_per_order(np.array([8.0, 2.0]), 16.0, floor), 14.4 - 10.0)
    half = np.array([4.0, 1.0])
    np.testing.assert_allclose(burden.usd_per_order(half, 16.0, floor), 18 * 16 / 7.5 / 2 - 10.0)
    further = burden.usd_per_further_order(2 * half, 16.0, half, 12.0, floor)
    np.testing.assert_allclose(further, 18 * 4 / 2.5 / 2 - 10.0)
    np.testing.assert_allclose(burden.usd_per_further_order(2 * half, 16.0, half, 16.0, floor), 0.0)


def test_couriers_that_choose_staffing_bear_a_floor_and_those_who_let_all_in_do_not() -> None:
    """New York's floor in a whole town, both sides: additions in reach of the cost; none, no spiral, and it is told."""
    town = ("city=grid", "city.households=4000", "customers.occasions_per_household_day=1.0", "drivers.pool=120")
    days = ("customers.calibration.sample=2000", "dispatch=lap", "run.days=6", "policy.pass_through.most_usd=20")
    orders_after, fees_usd = [], []
    for answers, cannot in (("log_in_cap,pass_through", False), ("pass_through", True)):
        market, outcome = run_of(*town, *days, f"policy=[min_pay_nyc_hourly,{answers}]")
        value = outcome.metrics.set_index("metric")["value"]
        told = [record.unrecovered[RIVAL_A] for record in market.world.memory.days]
        assert told == [False] + 5 * [cannot]
        assert value["days_unrecovered_share_rival_a"] == pytest.approx(cannot * 5 / 6)
        orders = market.world.orders
        mine = np.flatnonzero(orders.courier[: orders.count] == RIVAL_A)
        by_day = np.bincount(orders.day[mine])
        fees_usd.append(np.bincount(orders.day[mine], orders.fee_usd[mine]) / by_day)
        orders_after.append(by_day[2:].mean() / by_day[0])
    with_cap, without = fees_usd
    assert (with_cap[1:] > 3.99 + 1).all()
    assert np.ptp(with_cap[3:]) < 1, "fees rest and do not chase their own orders"
    assert (without < 3.99 + 1).all(), "an hour on line is there whether or not one more orders"
    assert orders_after[1] > 0.9


def test_a_log_in_cap_keeps_apps_within_its_places_and_gives_them_back() -> None:
    market = market_of(*THICK, "policy=log_in_cap", "policy.log_in_cap.utilisation=0.9", "run.days=2")
    free = market_of(*THICK, "run.days=2")
    market.run()
    free.run()
    assert market.world.drivers.online_s.sum() < free.world.drivers.online_s.sum()
    assert (market.world.drivers.apps == free.world.drivers.apps).all()


def test_costs_are_passed_on_from_the_second_day() -> None:
    floor = ("policy=[min_pay_seattle,pass_through]", "policy.min_pay_seattle.usd_per_offer=15", "run.days=2")
    _, outcome = run_of(*THICK, *floor)
    orders = outcome.tables["orders"]
    mine = orders[orders["courier"] == "rival_a"]
    first, second = (mine[mine["day"] == day] for day in (0, 1))
    done = first[first["status"] == "delivered"]
    assert done["raised_usd"].mean() > 1
    assert set(first["fee_usd"]) == {3.99}
    np.testing.assert_allclose(second["fee_usd"], 3.99 + done["raised_usd"].mean())


def test_a_placed_floor_raises_pay_and_fees_at_its_doors_only() -> None:
    placed = ("policy=min_pay_seattle", "policy.min_pay_seattle.usd_per_offer=30", "policy.min_pay_seattle.zones=[1,3]")
    _, outcome = run_of(*THICK, *placed, "policy.min_pay_seattle.added_fee_usd=2")
    orders = outcome.tables["orders"]
    gig = orders[orders["driver"] >= 0]
    inside = gig["zone"].isin([1, 3]) & (gig["bundle"] == 1)
    outside = ~gig["zone"].isin([1, 3]) & (gig["bundle"] == 1)
    assert inside.any()
    assert outside.any()
    assert (gig[inside]["pay_usd"] == 30).all()
    assert (gig[outside]["raised_usd"] == 0).all()
    for courier, fee in (("rival_a", 3.99), ("rival_b", 4.99)):
        mine = orders[orders["courier"] == courier]
        np.testing.assert_allclose(mine["fee_usd"], fee + 2 * mine["zone"].isin([1, 3]))


def test_a_tax_is_phased_in_day_by_day() -> None:
    phased = ("policy=gig_only_tax", "policy.gig_only_tax.phase_in_days=2", "run.days=4")
    _, outcome = run_of(*THICK, *phased, "policy.gig_only_tax.to_day=3")
    orders = outcome.tables["orders"]
    mine = orders[orders["courier"] == "rival_a"]
    assert [set(mine[mine["day"] == day]["tax_usd"]) for day in range(4)] == [{0}, {1}, {2}, {0}]


def test_a_promise_and_its_credit_hold_on_their_days() -> None:
    dated = ("policy=speed_promise", "policy.speed_promise.hours=0.5", "policy.speed_promise.from_day=1", "run.days=2")
    market, outcome = run_of(*THICK, *dated)
    orders = outcome.tables["orders"]
    gig = orders[orders["courier"].isin(["mall_direct", "rival_a", "rival_b"])]
    np.testing.assert_allclose(gig[gig["day"] == 1]["quoted_s"], 1800)
    assert (gig[gig["day"] == 0]["credit_usd"] == 0).all()
    done = gig[gig["status"] == "delivered"]
    late = done["delivered_s"] > done["promised_s"]
    assert market.world.ledger.posted_usd("credit") == pytest.approx(float(done["credit_usd"][late].sum()))
    assert market.world.ledger.posted_usd("credit") > 0


def test_drivers_and_stores_get_back_what_a_policy_took_when_it_ends() -> None:
    dated = ("policy=[exclusive_drivers,exclusive_retailers]", "run.days=2")
    ends = [f"policy.exclusive_{who}.to_day=1" for who in ("drivers", "retailers")]
    market, free = market_of(*THICK, *dated, *ends), market_of(*THICK, "run.days=2")
    assert (np.bitwise_count(market.world.drivers.apps.astype(np.uint64)) == 1).all()
    in_mall = market.world.stores.mall != BIG_BOX
    assert market.world.stores.listed[in_mall].sum(axis=1).max() == 1
    market.run()
    assert (market.world.drivers.apps == free.world.drivers.apps).all()
    assert (market.world.stores.listed == free.world.stores.listed).all()


def test_a_ban_voids_exclusive_contracts_and_what_is_paid_for_them() -> None:
    def terms_of(market: Market) -> float:
        number = market.world.channels.number("mall_direct")
        return market.terms.of(
            market.world.couriers[number], np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.bool_)
        ).commission

    bound = market_of(*BUSY_TOY, "retailers.opt_in.exclusive=true")
    freed = market_of(*BUSY_TOY, "retailers.opt_in.exclusive=true", "policy=retailer_exclusivity_ban")
    never = market_of(*BUSY_TOY)
    assert (freed.world.stores.listed == never.world.stores.listed).all()
    assert bound.world.stores.listed.sum() < never.world.stores.listed.sum()
    assert terms_of(bound) < terms_of(freed) == terms_of(never)


def test_a_subsidy_goes_to_stores_until_its_budget_is_spent() -> None:
    subsidy = ("policy=mall_subsidy", "policy.mall_subsidy.usd_per_week=70", "run.days=3")
    market, _ = run_of(*BUSY_TOY, *subsidy)
    joined = int((market.world.stores.listed[:, 0] & (market.world.stores.mall != BIG_BOX)).sum())
    orders = market.world.orders
    sold = (orders.courier[: orders.count] == 0) & np.isfinite(orders.delivered_s[: orders.count])
    sold &= market.world.stores.mall[orders.store[: orders.count]] != BIG_BOX
    assert market.world.ledger.posted_usd("subsidy") == pytest.approx(3 * joined * 10 + 2 * int(sold.sum()))
    ended, _ = run_of(*BUSY_TOY, *subsidy, "policy.mall_subsidy.budget_usd=1")
    first_day = int((sold & (orders.day[: orders.count] == 0)).sum())
    assert ended.world.ledger.posted_usd("subsidy") == pytest.approx(joined * 10 + 2 * first_day, abs=4)


def test_customers_pay_for_own_trips_what_they_reckoned_with() -> None:
    toll = ("policy=congestion_charge", "policy.congestion_charge.usd_per_km=0.5")
    market, _ = run_of(*BUSY_TOY, *toll)
    trips_km = float(market.world.memory.days[0].trip_km.sum())
    orders = market.world.orders
    count = orders.count
    gig_km = float((orders.pickup_km + orders.loaded_km)[:count][orders.driver[:count] >= 0].sum())
    van_km = sum(plan.km for each in market.world.couriers for plan in getattr(each.fleet, "tours", []))
    due_usd = 0.5 * (trips_km + gig_km + van_km)
    assert market.world.ledger.posted_usd("road charge") == pytest.approx(due_usd, abs=0.05)


def test_nash_fees_answer_to_policies() -> None:
    """Dearer pay and lower commissions raise fees, hourly pay before any day is seen; a tax stays with customers."""

    def fee_of(*policy: str) -> float:
        market = market_of(*NASH, *policy)
        market.open_day(0)
        return market.world.couriers[market.world.channels.number("rival_a")].posted.fee_usd

    free = fee_of()
    assert fee_of("policy=min_pay_seattle", "policy.min_pay_seattle.usd_per_offer=15") > free + 2
    assert fee_of("policy=commission_cap", "policy.commission_cap.cap=0.05") > free + 2
    assert fee_of("policy=min_pay_nyc_hourly", "policy.min_pay_nyc_hourly.usd_per_h=40") > free + 1
    assert abs(fee_of("policy=gig_only_tax") - free) < 0.5


def test_a_cap_that_need_not_bind_changes_nothing() -> None:
    """With places for everybody who wants to work, drivers, orders and money are the same to the last bit."""
    everywhere = (*THICK, "run.days=2", "drivers.multi_homing_share=1")
    free, _ = run_of(*everywhere)
    capped, _ = run_of(*everywhere, "policy=log_in_cap", "policy.log_in_cap.utilisation=0.02")
    assert (free.world.drivers.online_s == capped.world.drivers.online_s).all()
    assert (free.world.ledger.balance == capped.world.ledger.balance).all()


def test_where_hours_cost_nothing_couriers_that_choose_cap_nobody() -> None:
    """No floor on time on line, so nothing is saved by keeping drivers out: the same to the last bit."""
    free, _ = run_of(*THICK, "run.days=2")
    capped, _ = run_of(*THICK, "run.days=2", "policy=log_in_cap")
    assert (free.world.drivers.online_s == capped.world.drivers.online_s).all()
    assert (free.world.ledger.balance == capped.world.ledger.balance).all()


def test_staffing_goes_with_the_orders_that_fees_lead_to() -> None:
    """Half of the orders need fewer hours, but more than half of them: peaks are harder to serve."""
    rule = ("policy=[min_pay_nyc_hourly,log_in_cap,pass_through]", "run.days=2")
    market = market_of(*THICK, *rule)
    market.run()
    everybody, half = (market._enforcement.online_h(np.full(4, part)) for part in (1.0, 0.5))
    assert 0.5 * everybody < half < everybody


def test_what_is_wanted_counts_those_without_a_quote() -> None:
    """A courier that hardly quotes is still wanted as often as before; one that quotes to all is wanted as ordered."""
    market, _ = run_of(*THICK)
    today, couriers = market.today, len(market.world.couriers)
    wanted = wanted_orders(today, couriers)
    placed = np.bincount(today.occasions.choice, minlength=couriers)[:couriers]
    refused = market.world.memory.days[0].refused
    for number in np.flatnonzero(refused == 0).tolist():
        assert wanted[number].sum() == pytest.approx(placed[number])
    today.occasions.utility[::2, 2] = -np.inf
    today.occasions.choice[::2][today.occasions.choice[::2] == 2] = 1
    again = wanted_orders(today, couriers)
    rest = int((today.occasions.choice == 2).sum())
    assert np.nansum(again[2]) > 1.5 * rest


def test_both_requirements_of_the_hourly_floor_are_met() -> None:
    """Each driver's pay reaches the floor on trips, and all pay together the floor on line."""
    floor = ("policy=min_pay_nyc_hourly", "policy.min_pay_nyc_hourly.usd_per_h=30")
    market, _ = run_of(*THICK, *floor, "policy.min_pay_nyc_hourly.usd_per_trip_h=40", "run.days=2")
    orders, drivers = market.world.orders, market.world.drivers
    rows = np.flatnonzero((orders.driver[: orders.count] >= 0) & np.isfinite(orders.delivered_s[: orders.count]))
    closed_s = 2 * 86_400
    rows = rows[orders.delivered_s[rows] <= closed_s]
    engaged_h = np.bincount(orders.driver[rows], engaged_hours(orders, rows), len(drivers))
    paid_usd = np.bincount(orders.driver[rows], orders.pay_usd[rows], len(drivers))
    top_up_usd = market.world.ledger.posted_usd("top-up")
    owed = np.maximum(0, 40 * engaged_h - paid_usd).sum()
    assert top_up_usd >= owed - 0.5
    assert paid_usd.sum() + top_up_usd == pytest.approx(
        max(30 * drivers.online_s.sum() / 3600, paid_usd.sum() + owed), rel=0.01
    )
