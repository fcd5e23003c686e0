"""What joining brings a store, worked out and simulated; what stores decide alone and a landlord for all of them."""

import numpy as np
import pytest

from galleria.agents.regulator.policy import Subsidy
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.market import Market
from galleria.models.strategy.case import Sample
from galleria.models.strategy.joining import spread
from galleria.models.strategy.trade import Trade
from tests.market_worlds import BUSY_TOY, market_of, run_of

TOWN = (
    *BUSY_TOY,
    "city.households=3000",
    "drivers.pool=80",
    "customers.calibration.sample=2000",
    "retailers.opt_in.share=0.2",
)
NO_SUBSIDY = Subsidy(0.0, 0.0)


def trade_of(market: Market) -> Trade:
    """Return the trade of a market's last day, with all who came."""
    shoppers = Sample(market.world.households, market.today.occasions)
    return Trade(
        market.world,
        shoppers,
        market.today.terms,
        market.today.quote_h,
        vary=np.array([0]),
        subsidy=NO_SUBSIDY,
        per_day=1.0,
    )


@pytest.mark.parametrize(
    "options",
    [
        (),
        (
            "retailers.rent_share_of_walk_in=0.05",
            "retailers.rent_share_of_delivered=0.03",
            "retailers.stock.record_error=0.05",
            "retailers.stock.record_error_per_further_courier=0.05",
        ),
    ],
    ids=["as shipped", "rents and stock errors"],
)
def test_expected_profits_and_rents_are_those_that_were_booked(options: tuple[str, ...]) -> None:
    """Chances in the place of choices: the sums over stores agree within the noise of four days' purchases."""
    booked, expected = np.empty((4, 2)), np.empty((4, 2))
    for replication in range(4):
        market, _ = run_of(*TOWN, *options, replication=replication)
        in_mall = market.world.stores.mall != BIG_BOX
        ledger = market.world.ledger
        booked[replication] = ledger.balance_usd("store")[in_mall].sum(), ledger.total_usd("landlord")
        expected[replication] = [each[in_mall].sum() for each in trade_of(market).earned(market.world.stores.listed)]
    error = (booked - expected).std(axis=0, ddof=1) / 2
    assert (np.abs((booked - expected).mean(axis=0)) <= 4 * error).all()
    assert (error <= 0.03 * booked.mean(axis=0)).all()
    assert (booked.mean(axis=0)[1] > 0) == bool(options)


def test_utilities_of_listed_stores_are_those_that_shoppers_saw() -> None:
    market, number = market_of(*TOWN), 0
    market.run()
    market.world.memory.lateness_h[:] = 0  # nobody remembered anything on the first day
    trade = trade_of(market)
    utility, store = trade._offered(number, market.world.stores.listed[:, number])
    seen = market.today.occasions.utility[:, number]
    assert np.isfinite(seen).mean() > 0.1
    np.testing.assert_allclose(utility, seen, atol=1e-9)
    np.testing.assert_array_equal(store, market.today.choices.store[:, number])


def simulated(replication: int, number: int) -> tuple[float, float]:
    """Return the mean gain and loss of so many flips, each of them a run of its own."""
    as_it_is, _ = run_of(*TOWN, "retailers.opt_in.flipped_stores=4", replication=replication)
    wanted, in_mall = as_it_is.world.stores.wanted, as_it_is.world.stores.mall != BIG_BOX
    seen = []
    for store in spread(as_it_is.world.stores, 0, number).tolist():
        market = market_of(*TOWN, "retailers.opt_in.flipped_stores=0", replication=replication)
        market.world.stores.wanted[store, 0] = not wanted[store, 0]
        market.membership.relist()
        market.run()
        change = market.world.ledger.balance_usd("store") - as_it_is.world.ledger.balance_usd("store")
        change = -change if wanted[store, 0] else change
        seen.append((change[store], change[store] - change[in_mall].sum()))
    gain, loss = np.mean(seen, axis=0)
    return float(gain), float(loss)


def test_flips_agree_with_flips_that_are_simulated() -> None:
    """Four stores in each of twelve replications: the mean changes agree within three standard errors.

    The flips of a replication meet the same few shoppers, so errors are taken over replications.
    """
    seen = np.array([simulated(replication, 4) for replication in range(12)])
    flips = [
        run_of(*TOWN, "retailers.opt_in.flipped_stores=4", replication=replication)[0]._joining.flips
        for replication in range(12)
    ]
    expected = np.array([(each.gain_usd.mean(), each.loss_usd.mean()) for each in flips])
    error = (seen - expected).std(axis=0, ddof=1) / np.sqrt(12)
    assert (np.abs((seen - expected).mean(axis=0)) < 3 * error).all()
    assert (error < 0.25 * expected.mean(axis=0)).all(), "too coarse to tell"


def test_a_store_gains_less_the_more_others_are_on_it() -> None:
    gains = [
        run_of(*TOWN[:-1], f"retailers.opt_in.share={share}")[1].metrics.set_index("metric")["value"]
        for share in (0.1, 0.5, 0.9)
    ]
    each = [value["gain_of_joining_usd"] for value in gains]
    assert each[0] > each[1] > each[2]
    assert all(value["loss_to_neighbours_usd"] > 0 for value in gains)


def test_without_mall_direct_there_is_nothing_to_join() -> None:
    for off in ("couriers.mall_direct.active=false", "retailers.opt_in.flipped_stores=0"):
        value = run_of(*TOWN, off)[1].metrics.set_index("metric")["value"]
        assert np.isnan(value["gain_of_joining_usd"])
        assert np.isnan(value["loss_to_neighbours_usd"])


def test_flips_under_exclusive_contracts_take_the_store_off_other_apps() -> None:
    """Who is on mall-direct alone gives up what the others bring: where apps cost nothing, joining brings less."""
    free = ("retailers.on_call.share=0", "retailers.integration_usd_per_week=0", "retailers.setup_usd_per_week=0")
    alone = ("retailers.opt_in.exclusive_commission_cut=0", *free)
    open_to_all, bound = (
        run_of(*TOWN, f"retailers.opt_in.exclusive={exclusive}", *alone) for exclusive in ("false", "true")
    )
    gains = [each[0]._joining.flips.gain_usd.mean() for each in (open_to_all, bound)]
    assert gains[1] < gains[0]


def test_a_landlord_lists_what_earns_the_mall_most() -> None:
    market = market_of(*TOWN[:-1], "retailers=landlord", "retailers.rent_share_of_delivered=0.05")
    stores, share = market.world.stores, market.membership.opt_in_share
    desk = market.strategy.desk
    quote_h = np.zeros(len(market.world.channels.names))
    quote_h[:4] = [courier.quote_h for courier in market.world.couriers]
    trade = Trade(
        market.world,
        desk.sample,
        desk.today().terms,
        quote_h,
        vary=np.array([0]),
        subsidy=NO_SUBSIDY,
        per_day=desk.occasions_per_day / 2000,
    )
    sums = {}
    for at in np.linspace(0, 1, 11).tolist():
        listed = stores.listed.copy()
        listed[:, 0] = market.membership.joined(0, at)
        sums[at] = float(np.add(*trade.earned(listed)).sum())
    assert max(sums, key=sums.__getitem__) == pytest.approx(share)


def test_a_landlord_holds_back_where_stores_alone_all_join() -> None:
    """Most of what a store gains it takes from its neighbours: a landlord counts that, a store does not."""
    market = market_of(*TOWN[:-1], "retailers=landlord")
    assert market._joining.adoption.up == 1.0
    assert market.membership.opt_in_share < 1.0


def test_where_nothing_is_taken_from_neighbours_a_landlord_lists_all() -> None:
    """Where visits bring nothing, and apps and picking cost nothing, more delivery is more profit for the mall."""
    free = ("retailers.on_call.share=0", "retailers.integration_usd_per_week=0", "retailers.setup_usd_per_week=0")
    ruined = ("retailers.on_call.share=0", "retailers.integration_usd_per_week=100000")
    dear_visits = ("retailers.rent_share_of_walk_in=0", "retailers.unplanned_share=0", "retailers.picking_cost_usd=0")
    direct = ("couriers.mall_direct.commission=0", "retailers.returns.loss_share=0", "customers.variety_usd=1")
    assert market_of(*TOWN[:-1], "retailers=landlord", *ruined).membership.opt_in_share == 0.0
    assert market_of(*TOWN[:-1], "retailers=landlord", *free, *dear_visits, *direct).membership.opt_in_share == 1.0


def test_dearer_hands_on_call_settle_opt_in_inside() -> None:
    shares = [
        market_of(*TOWN[:-1], "retailers=equilibrium", f"retailers.on_call.share={share}")._joining.adoption
        for share in (0.1, 0.2, 0.3)
    ]
    assert shares[0] == (1.0, 1.0)
    assert 0 < shares[2].up < shares[1].up < 1
    assert [each.down for each in shares] == [each.up for each in shares]


def test_weekly_reviews_settle_inside_from_few_and_from_many() -> None:
    weekly = ("retailers=logit_dynamic", "retailers.opt_in.reviewed_per_week=1", "run.days=36")
    last = []
    for start in (0.1, 0.9):
        options = (*weekly, "retailers.on_call.share=0.3", f"retailers.opt_in.share={start}")
        by_day = run_of(*TOWN[:-1], *options)[1].tables["days"]["opt_in_share"].to_numpy()
        assert by_day[0] == start
        last.append(by_day[14:].mean())
    assert 0.2 < min(last) <= max(last) < 0.8
    assert abs(last[0] - last[1]) < 0.2
