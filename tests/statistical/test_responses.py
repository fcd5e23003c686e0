"""What orders lose by longer quotes and dearer fees: the analytic demand, and whole days of the default town.

The bands are the record's: a quote 10 minutes longer costs a courier 10 to 20 % of its orders; a dollar on the fees of
all couriers on demand costs them 7 to 14 %, a dollar on one courier's fee more.
"""

from math import log

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.models.strategy.case import Case
from galleria.models.strategy.desk import Desk
from tests.market_worlds import market_of, run_of

ON_DEMAND = ("mall_direct", "rival_a", "rival_b")
FEES_USD = {"mall_direct": 4.99, "rival_a": 3.99, "rival_b": 4.99}
SMALL = ("customers.calibration.sample=8000", "drivers.at_rest.days=0", "dispatch=lap")
TEN_MIN = 10 / 60


class Analytic:
    """The demand of the calibration sample in the market in which shares were observed."""

    def __init__(self, *overrides: str) -> None:
        market = market_of(*SMALL, *overrides)
        self.desk: Desk = market.strategy.desk
        self.case: Case = self.desk.observed()
        self.names = market.world.channels.names
        self.purpose: Ints = self.desk.sample.occasions.purpose
        self.basket_usd: Floats = self.desk.sample.occasions.basket_usd

    def chances(self, *, dearer: tuple[str, ...] = (), later: tuple[str, ...] = ()) -> Floats:
        """Return the probabilities of channels with a dollar more, or ten minutes more, float64 [n, C]."""
        couriers = self.names[: len(self.case.quote_h)]
        fee_usd = self.case.price_usd + np.isin(couriers, dearer)
        quote_h = self.case.quote_h + TEN_MIN * np.isin(couriers, later)
        return self.desk._demand(self.case, quote_h).probabilities(fee_usd)

    def change(self, names: tuple[str, ...], **what: tuple[str, ...]) -> float:
        """Return by how much couriers' share together changes, in logs."""
        of = np.isin(self.names, names)
        return log(self.chances(**what)[:, of].sum() / self.chances()[:, of].sum())

    def mean_basket_usd(self, *names: str) -> float:
        """Return the mean basket of some channels' orders."""
        bought = self.chances()[:, np.isin(self.names, names)].sum(axis=1)
        return float(bought @ self.basket_usd / bought.sum())


@pytest.fixture(scope="module")
def analytic() -> Analytic:
    return Analytic()


@pytest.mark.parametrize("courier", ON_DEMAND)
def test_ten_minutes_more_cost_a_courier_a_tenth_to_a_fifth_of_its_orders(analytic: Analytic, courier: str) -> None:
    change = analytic.change((courier,), later=(courier,))
    assert log(0.80) < change < log(0.90)


def test_a_dollar_on_all_fees_loses_what_the_record_says_and_on_one_fee_more(analytic: Analytic) -> None:
    of_all = analytic.change(ON_DEMAND, dearer=ON_DEMAND)
    assert -0.14 < of_all < -0.07
    for courier in ON_DEMAND:
        assert analytic.change((courier,), dearer=(courier,)) < 1.2 * of_all


def test_who_is_in_a_hurry_orders_on_demand_and_nobody_else_minds_ten_minutes(analytic: Analytic) -> None:
    """A third or more of orders on demand are for today, out of 14 % of occasions; none of the warehouse's are."""
    chance, today = analytic.chances(), analytic.purpose == 2
    of_today = chance[today].sum(axis=0) / chance.sum(axis=0)
    by_name = dict(zip(analytic.names, of_today.tolist(), strict=True))
    assert all(by_name[courier] > 0.3 for courier in ON_DEMAND)
    assert by_name["warehouse"] < 0.01
    later = analytic.chances(later=("rival_a",))
    rival = analytic.names.index("rival_a")
    rest = later[~today, rival].sum() / chance[~today, rival].sum()
    assert rest > 0.9
    assert later[today, rival].sum() / chance[today, rival].sum() < 0.8


def test_couriers_with_rates_on_the_basket_do_not_get_the_smallest_baskets(analytic: Analytic) -> None:
    """Large baskets take their time in a store, and stocking up cannot wait for the van."""
    purchases = analytic.mean_basket_usd(*analytic.names[:-1])
    assert analytic.mean_basket_usd("rival_a", "rival_b") > purchases


def test_a_courier_in_the_style_of_instacart_gets_larger_baskets_than_others() -> None:
    """Rival A with the prices of the preset `instacart`, against mall-direct and rival B."""
    prices = {"fee_usd": 3.99, "service_rate": 0.05, "markup": 0.15, "tip_usd": 4.0, "mall_pickup_share": 0.15}
    styled = Analytic(*(f"couriers.rival_a.observed.{name}={value}" for name, value in prices.items()))
    assert styled.mean_basket_usd("rival_a") > styled.mean_basket_usd(*styled.names[:-1])
    assert styled.mean_basket_usd("rival_a") > styled.mean_basket_usd("mall_direct", "rival_b")


def test_with_every_player_there_instacart_gets_larger_baskets_than_the_rest() -> None:
    """Used for stocking up, though the chains' own delivery, without rates on the basket, gets the largest ones."""
    full = Analytic("market=full")
    assert full.mean_basket_usd("instacart") > 1.1 * full.mean_basket_usd(*full.names[:-1])
    assert full.mean_basket_usd("instacart") > full.mean_basket_usd("doordash")


def orders(*overrides: str) -> Floats:
    """Return the orders of the couriers on demand in two replications of a day of the default town, float64 [3]."""
    counted = []
    for replication in (0, 1):
        _, outcome = run_of(*SMALL, f"run.seed={11 + replication}", *overrides)
        value = outcome.metrics.set_index("metric")["value"]
        counted.append([value[f"orders_{courier}"] for courier in ON_DEMAND])
    return np.array(counted).sum(axis=0)


def test_a_market_loses_orders_by_longer_quotes() -> None:
    """Rival A promises 50 minutes and not 40; lateness is not remembered on the first day. 1,250 orders, s.e. 1 %."""
    before, after = (orders(f"couriers.rival_a.promise.hours={h}")[1] for h in (40 / 60, 50 / 60))
    assert 0.80 < after / before < 0.92


def test_a_market_loses_orders_by_dearer_fees_and_one_courier_loses_more() -> None:
    before = orders()
    dearer = [f"couriers.{name}.fee_usd={usd + 1}" for name, usd in FEES_USD.items()]
    of_all = log(orders(*dearer).sum() / before.sum())
    of_one = log(orders(dearer[1])[1] / before[1])
    assert -0.14 < of_all < -0.06
    assert of_one < of_all
