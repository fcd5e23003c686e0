"""Fees, entry, exit, mergers and pooled dispatch in markets small enough to look through."""

import numpy as np
import pytest

from galleria.agents.drivers.apps import give_up, take_up
from galleria.agents.fleets.pooled import join_pool
from galleria.agents.kernel.order import Status
from galleria.agents.pricing.concentration import by_firm, hhi
from galleria.models.demand.day import ShoppingDay
from galleria.models.errors import UsageError
from galleria.models.simulate import simulate
from galleria.models.strategy.case import Conditions
from galleria.models.strategy.desk import Desk
from galleria.models.strategy.fees import HillClimbFees, NashFees
from galleria.models.strategy.seen import conditions_seen
from tests.market_worlds import BUSY_TOY, city_of, market_of, run_of, settings_of
from tests.oracles.regret import at_fixed_fees, simulated_regret

SMALL = (*BUSY_TOY, "customers.calibration.sample=4000")
NASH = (*SMALL, "strategy=nash")


def test_fixed_fees_leave_no_trace() -> None:
    market, outcome = run_of(*SMALL)
    assert "fees" not in outcome.tables
    assert [courier.posted.fee_usd for courier in market.world.couriers] == [4.99, 0.0, 3.99, 4.99]


def test_nash_fees_are_charged_and_leave_little_regret() -> None:
    """The firms solve on expected quotes and pay; what they regret after a day on the quotes that came is small."""
    market, outcome = run_of(*NASH)
    fees = outcome.tables["fees"].set_index("courier")
    assert list(fees.index) == ["mall_direct", "rival_a", "rival_b"]
    orders = outcome.tables["orders"]
    for courier, fee in fees["fee_usd"].items():
        np.testing.assert_allclose(orders.loc[orders["courier"] == courier, "fee_usd"], fee)
    assert (orders.loc[orders["courier"] == "warehouse", "fee_usd"] == 0.0).all()
    assert (fees["regret_usd_per_day"] < 0.01 * fees["profit_usd_per_day"]).all()
    assert market.world.ledger.is_balanced


def test_the_pressure_of_a_merger_has_the_sign_and_size_of_the_rise_it_brings() -> None:
    """At the Nash fees of before: a part of the rise in first-order, the rest is what the firms answer."""
    before, after = (run_of(*NASH, f"market={name}")[1] for name in ("base", "merger_separate"))
    value = before.metrics.set_index("metric")["value"]
    fees = [each.tables["fees"].set_index("courier")["fee_usd"] for each in (before, after)]
    for courier, other in (("rival_a", "rival_b"), ("rival_b", "rival_a")):
        pressure = value[f"upp_{courier}_by_{other}_usd"]
        assert pressure > 0
        assert 0.2 * pressure < fees[1][courier] - fees[0][courier] < 2 * pressure
        assert value[f"guppi_{courier}_by_{other}"] == pytest.approx(pressure / fees[0][courier])
    together = set(after.metrics["metric"])
    assert "upp_rival_a_by_rival_b_usd" not in together
    assert "upp_rival_a_by_platform_usd" in together
    assert not {name for name in run_of(*SMALL)[1].metrics["metric"] if name.startswith(("upp_", "guppi_"))}


def test_fees_of_the_first_day_are_the_equilibrium_of_what_is_expected() -> None:
    market = market_of(*NASH)
    desk = market.strategy.desk
    np.testing.assert_allclose(desk.expected().unit_cost_usd[[0, 2, 3]], [11.0, 10.3, 10.3])
    market.open_day(0)
    game = desk.game(desk.anticipated())
    np.testing.assert_allclose(game.zeta(desk.fees_usd), desk.fees_usd, atol=1e-5)


def test_a_promise_is_what_customers_of_the_sample_expect() -> None:
    """A quicker promise than the quote is worth more, and credits for late parcels are a cost."""
    quoted, promised = market_of(*NASH), market_of(*NASH, "couriers.mall_direct.promise.hours=0.5")
    shares = [Desk(market.world, market.terms, market.settings.strategy.fees).shares() for market in (quoted, promised)]
    assert shares[1][0] > shares[0][0]
    assert (shares[1][1:] < shares[0][1:]).all()
    market, _ = run_of(*NASH, "couriers.rival_a.promise={hours: 0.31, credit_usd: 5.0}")
    seen = conditions_seen(market.world, 0, 1)
    late = market.world.orders.delivered_s > market.world.orders.promised_s
    delivered = (market.world.orders.courier == 2) & (market.world.orders.status == Status.DELIVERED)
    assert late[delivered].any()
    assert seen.unit_cost_usd[2] == pytest.approx(10.3 + 5.0 * late[delivered].mean())


def test_a_spun_off_mall_direct_is_cheaper_and_a_merger_dearer() -> None:
    def first_fees(market: str) -> dict[str, float]:
        opened = market_of(*NASH, f"market={market}")
        opened.open_day(0)
        return {courier.name: courier.posted.fee_usd for courier in opened.world.couriers}

    base, apart, merged = first_fees("base"), first_fees("spin_off"), first_fees("merger_separate")
    assert apart["mall_direct"] < base["mall_direct"] - 0.25
    assert merged["rival_a"] > base["rival_a"]
    assert merged["rival_b"] > base["rival_b"]


def test_weeks_of_feedback_are_averaged_until_fees_settle() -> None:
    market = market_of(*NASH, "run.days=3")
    rule = NashFees(market.world, market.strategy.desk, market.settings.strategy.fees)  # type: ignore[arg-type]  # nash, by the override
    rule.set_fees(0)
    assert rule.conditions is not None
    first = rule.conditions
    seen = [Conditions(first.quote_h * factor, first.unit_cost_usd + plus) for factor, plus in ((1.5, 2.0), (1.7, 3.0))]
    rule.observer.seen = lambda: seen.pop(0)  # type: ignore[method-assign]
    rule.review(0)
    np.testing.assert_allclose(rule.conditions.quote_h, 1.5 * first.quote_h)
    rule.set_fees(1)
    assert not rule.settled
    rule.review(1)
    np.testing.assert_allclose(rule.conditions.quote_h, 1.6 * first.quote_h)
    np.testing.assert_allclose(rule.conditions.unit_cost_usd, first.unit_cost_usd + 2.5)
    last = rule.conditions
    for week in (2, 3):
        seen.append(last)
        rule.set_fees(week)
        rule.review(week)
    rule.set_fees(4)
    assert rule.settled
    fees = [courier.posted.fee_usd for courier in market.world.couriers]
    rule.set_fees(5)
    assert fees == [courier.posted.fee_usd for courier in market.world.couriers]
    rule.unsettle()
    assert not rule.settled


def test_a_hill_climber_moves_a_step_a_week_and_turns_round_when_profit_falls() -> None:
    market = market_of(*SMALL, "strategy=hill_climb", "strategy.value_of_order=zero")
    market.run()
    rule = HillClimbFees(market.world, market.strategy.desk, market.settings.strategy.fees)  # type: ignore[arg-type]  # hill_climb
    firms = market.settings.firms
    sink, courier = market.world.ledger.account("support"), market.world.couriers[2]
    posted = courier.posted.fee_usd
    rule.balance_usd = market.world.ledger.balance_usd("firm")
    for week, earned_usd, direction in ((0, 100.0, 1), (1, 120.0, 1), (2, 90.0, -1), (3, 95.0, -1), (4, 50.0, 1)):
        rule.set_fees(week)
        market.world.ledger.post("test", sink, market.world.ledger.account("firm", firms.index("rival_a")), earned_usd)
        rule.review(week)
        assert rule.direction["rival_a"] == direction
    assert courier.posted.fee_usd == pytest.approx(posted + 0.25 + 0.25 - 0.25 - 0.25)


def test_an_entrant_has_no_orders_before_its_day_and_drivers_after() -> None:
    overrides = (*SMALL, "market=entrant", "strategy.entry.rival_c.day=2", "run.days=4")
    market, outcome = run_of(*overrides)
    orders = outcome.tables["orders"]
    mine = orders[orders["courier"] == "rival_c"]
    assert mine["day"].min() == 2
    assert (mine["status"] == "delivered").any()
    number = market.world.channels.number("rival_c")
    before = market_of(*overrides)
    assert not before.world.stores.listed[:, number].any()
    assert not (before.world.drivers.apps >> number & 1).any()
    assert 0 < (market.world.drivers.apps >> number & 1).mean() < 1


def test_an_entrant_that_would_not_earn_its_cost_stays_out() -> None:
    overrides = (*SMALL, "market=entrant", "strategy.entry.rival_c.day=1", "run.days=2")
    _, kept_out = run_of(*overrides, "strategy.entry.rival_c.cost_usd_per_week=100000")
    _, admit_within_caps = run_of(*overrides)
    assert "rival_c" not in set(kept_out.tables["orders"]["courier"])
    assert "rival_c" in set(admit_within_caps.tables["orders"]["courier"])


def test_the_cost_of_being_in_the_market_is_booked_from_the_day_of_entry() -> None:
    entry = ("strategy.entry.rival_c.day=2", "strategy.entry.rival_c.if_profitable=false")
    overrides = (*SMALL, "market=entrant", *entry, "run.days=4")
    market, outcome = run_of(*overrides, "strategy.entry.rival_c.cost_usd_per_week=70")
    assert market.world.ledger.total_usd("presence") == pytest.approx(2 * 10)
    free = run_of(*overrides, "strategy.entry.rival_c.cost_usd_per_week=0")[1]
    value = [each.metrics.set_index("metric")["value"] for each in (outcome, free)]
    assert (value[1] - value[0])["contribution_rival_c_usd"] == pytest.approx(20 / 4)
    assert (value[1] - value[0])["welfare_usd"] == pytest.approx(20 / 4)


def test_before_it_enters_a_courier_changes_nothing() -> None:
    """The base market's first day, order by order."""
    _, base = run_of(*SMALL)
    _, waiting = run_of(*SMALL, "market=entrant")
    columns = ["courier", "placed_s", "driver", "delivered_s", "fee_usd", "pay_usd"]
    assert base.tables["orders"][columns].equals(waiting.tables["orders"][columns])


def test_a_firm_that_keeps_losing_leaves_and_its_drivers_find_other_work() -> None:
    market, outcome = run_of(
        *SMALL,
        "run.days=22",
        "couriers.rival_b.support_usd=40",
        "customers.occasions_per_household_day=0.4",
        "drivers.multi_homing_share=0.3",
        "strategy.exit={loss_weeks: 2, initial_cash_usd: 10}",
    )
    orders = outcome.tables["orders"]
    days = orders.loc[orders["courier"] == "rival_b", "day"]
    assert days.min() == 0
    assert 10 < days.max() < 14
    assert set(orders.loc[orders["day"] > 13, "courier"]) == {"mall_direct", "warehouse", "rival_a"}
    number = market.world.channels.number("rival_b")
    assert not market.world.stores.listed[:, number].any()
    assert not (market.world.drivers.apps >> number & 1).any()
    assert (market.world.drivers.apps > 0).all()
    assert {courier.name for courier in market.world.couriers if not courier.posted.active} == {"rival_b"}


def test_a_merger_with_pooled_dispatch_is_neutral(monkeypatch: pytest.MonkeyPatch) -> None:
    """L7: two equal brands of one pool are delivered as one courier with their joint orders would be, to the bit."""
    equal = (
        *SMALL,
        "couriers.rival_b.fee_usd=3.99",
        "couriers.rival_a.listed_share=1.0",
        "couriers.rival_b.listed_share=1.0",
        "drivers.multi_homing_share=1.0",
    )
    two, of_two = run_of(*equal, "market=merger")
    as_first = two.settings.couriers["rival_b"].model_copy(
        update={"observed": two.settings.couriers["rival_a"].observed}
    )
    assert as_first == two.settings.couriers["rival_a"]
    first, second = two.world.channels.number("rival_a"), two.world.channels.number("rival_b")
    imposed = np.where(two.world.memory.days[0].choice == second, first, two.world.memory.days[0].choice)
    assert (two.world.memory.days[0].choice == first).sum() > 10
    assert (two.world.memory.days[0].choice == second).sum() > 5
    choose = ShoppingDay.choose

    def choose_as_before(day: ShoppingDay, shoppers: slice, quote_h: object) -> None:
        choose(day, shoppers, quote_h)  # type: ignore[arg-type]
        day.occasions.choice[shoppers] = imposed[shoppers]

    monkeypatch.setattr(ShoppingDay, "choose", choose_as_before)
    one = market_of("run.tables=all", *equal, "market=merger_separate")
    of_one = one.run()
    assert set(of_one.tables["orders"]["courier"]) == {"mall_direct", "warehouse", "rival_a"}
    same = [name for name in of_one.tables["orders"] if name not in {"courier", "channel"}]
    assert of_one.tables["orders"][same].equals(of_two.tables["orders"][same])
    for name in ("online_s", "idle_s", "pickup_km", "loaded_km", "net_usd"):
        np.testing.assert_array_equal(of_one.tables["drivers"][name], of_two.tables["drivers"][name])
    np.testing.assert_array_equal(one.world.ledger.balance, two.world.ledger.balance)


@pytest.mark.parametrize("owners", ["merger_separate", "spin_off"])
def test_at_fixed_fees_ownership_only_changes_whose_books_it_is_in(owners: str) -> None:
    """The same orders at the same times; the firms' profits and the concentration follow the owners."""
    base, of_base = run_of(*SMALL)
    other, of_other = run_of(*SMALL, f"market={owners}")
    assert of_base.tables["orders"].equals(of_other.tables["orders"])
    orders = {name: float((of_base.tables["orders"]["courier"] == name).sum()) for name in base.settings.couriers}
    before, after = (
        {courier.name: courier.settings.firm for courier in market.world.couriers} for market in (base, other)
    )
    measured = [outcome.metrics.set_index("metric")["value"]["hhi_delivery"] for outcome in (of_base, of_other)]
    assert measured[0] == pytest.approx(hhi(by_firm(orders, before).values()))
    assert measured[1] == pytest.approx(hhi(by_firm(orders, after).values()))
    if owners == "merger_separate":
        share = {name: 100 * each / sum(orders.values()) for name, each in orders.items()}
        assert measured[1] - measured[0] == pytest.approx(2 * share["rival_a"] * share["rival_b"])
    assert base.world.ledger.total_usd("firm") == other.world.ledger.total_usd("firm")


def test_a_firm_by_another_name_is_the_same_firm() -> None:
    """L6: the same bytes but for the name, also where fees are set."""
    _, base = run_of(*NASH)
    _, renamed = run_of(*NASH, "couriers.rival_a.firm=zebra")
    named = {"profit_zebra_usd": "profit_rival_a_usd"}
    value = [each.metrics.set_index("metric")["value"] for each in (base, renamed)]
    other = value[1].rename(lambda name: named.get(name, name.replace("_by_zebra", "_by_rival_a")))
    assert other[value[0].index].equals(value[0])
    for name in ("orders", "hours", "days", "zones", "drivers", "retailers"):
        assert base.tables[name].equals(renamed.tables[name])


@pytest.mark.parametrize("preset", ["monopoly", "duopoly", "rivals", "platform_merger"])
def test_every_market_keeps_its_orders_and_its_money(preset: str) -> None:
    market, outcome = run_of(*SMALL, f"market={preset}")
    metrics = outcome.metrics.set_index("metric")["value"]
    assert metrics["orders_placed"] == sum(metrics[f"orders_{end}"] for end in ("delivered", "cancelled", "open"))
    assert market.world.ledger.is_balanced
    absent = {courier.name for courier in market.world.couriers if not courier.settings.active}
    assert not absent & set(outcome.tables["orders"]["courier"])


def test_drivers_of_either_brand_get_the_offers_of_the_pool() -> None:
    pooled, _ = run_of(*SMALL, "market=merger", "drivers.multi_homing_share=0.0")
    leader, brand = (pooled.world.channels.number(name) for name in ("rival_a", "rival_b"))
    apps = pooled.world.drivers.apps
    assert (apps >> leader & 1)[(apps >> brand & 1) == 1].all()
    np.testing.assert_array_equal(join_pool(np.array([0b100, 0b1000, 0b1]), 3, 2), [0b100, 0b1100, 0b1])


def test_who_works_for_all_takes_up_an_entrant_and_some_of_the_others_move() -> None:
    apps = np.array([0b011, 0b001, 0b010, 0b001])
    uniform = np.array([0.99, 0.1, 0.9, 0.4])
    np.testing.assert_array_equal(take_up(apps, 2, np.array([0, 1]), uniform), [0b111, 0b100, 0b010, 0b001])
    np.testing.assert_array_equal(take_up(np.array([0b0]), 2, np.array([], np.int64), np.array([0.5])), [0b100])


def test_who_worked_for_a_leaver_alone_works_for_another() -> None:
    apps = np.array([0b111, 0b100, 0b100, 0b010])
    uniform = np.array([0.5, 0.2, 0.8, 0.5])
    np.testing.assert_array_equal(give_up(apps, 2, np.array([0, 1]), uniform), [0b011, 0b001, 0b010, 0b010])
    np.testing.assert_array_equal(give_up(apps, 2, np.array([], np.int64), uniform), [0b011, 0, 0, 0b010])


def test_simulated_regret_pairs_runs() -> None:
    settings = settings_of(*SMALL)
    fees = {"rival_a": 6.0}
    table = simulated_regret(settings, city_of(settings.city), [0], fees, [-1.0, 0.0, -7.0])
    assert list(table["step_usd"]) == [-1.0, 0.0]
    assert list(table["firm"]) == ["rival_a", "rival_a"]
    assert table["gain_usd_per_day"][1] == 0.0
    dearer = simulate(at_fixed_fees(settings, fees), city_of(settings.city), 0)
    cheaper = simulate(at_fixed_fees(settings, {"rival_a": 5.0}), city_of(settings.city), 0)
    profit = [each.metrics.set_index("metric")["value"]["profit_rival_a_usd"] for each in (cheaper, dearer)]
    assert table["gain_usd_per_day"][0] == pytest.approx(profit[0] - profit[1])


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (("couriers.mall_direct.commission=1.2",), "commission = 1.2 is out of range"),
        (("couriers.rival_a.commission=0.8",), "a big box with a margin of 0.3 would lose 4.40 $ on a mean basket"),
        (("retailers.margin.mall=-0.1",), "retailers.margin.mall = -0.1 is out of range"),
        (("retailers.margin.mall=0.1",), "a mall store with a margin of 0.1 would lose"),
        (("couriers.rival_a.firm=[rival_a, rival_b]",), "a channel has one owner"),
        (
            ("customers.observed_share.mall_direct=0.75", "customers.observed_share.none=0.05",
             "customers.observed_share.warehouse=0.05", "customers.observed_share.store_mall=0.05",
             "customers.observed_share.store_big_box=0.04"),
            "customers.observed_share.mall_direct = 0.75 cannot be inverted: only 0.69",
        ),
        (("couriers.rival_a.observed.preparation_min=5",), "the promise is shorter than the 8 min"),
        (("market=full", "couriers.walmart_pickup.preparation_min=5"), "the promise is shorter than the 8 min"),
        (("market=full", "couriers.warehouse_gig.observed.preparation_min=90"), "shorter than the 120 min"),
        (("couriers.mall_direct.promise.hours=0.2",), "shorter than the 18 min"),
        (("couriers.warehouse.quote_h=300",), "nobody would ever use the channel"),
        (("market=entrant", "couriers.rival_c.constant_of=null"), "rival_c has neither a share"),
        (("market=entrant", "couriers.rival_c.active=false"), "cannot enter while"),
        (("strategy.entry={rival_z: {day: 1, if_profitable: false, cost_usd_per_week: 0}}",), "no such courier"),
        (("strategy.pooled={rival_b: rival_a}",), "without a merger"),
        (("strategy.pooled={warehouse: mall_direct}",), "only couriers with gig drivers"),
        (
            ("market=entrant", "couriers.rival_c.contract.kind=block"),
            "strategy.entry.rival_c: an entrant must pay drivers per offer",
        ),
        (("strategy.pooled={rival_b: rival_b}",), "must dispatch for itself"),
        (("strategy=nash", "strategy.fees.lowest_usd=70"), "must be below highest_usd"),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)  # fmt: skip
def test_wrong_economics_is_refused_with_a_reason(overrides: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        settings_of("city=toy", *overrides)
    assert any(reason in problem for problem in refused.value.problems)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as refused:
        settings_of("city=toy", "couriers.rival_a.commission=0.8", "strategy.pooled={rival_b: rival_a}")
    assert len(refused.value.problems) == 2
