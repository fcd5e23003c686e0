"""The mean field M5 of model 10.4: fees and policies in the analytic market of the default customers.

It is the oracle's table of customers (degrees of hurry only, alpha .25, all deliveries in one nest) on the 20 x 20 km
grid without service radius, with the unit pay fixed and the calibration sample of 40,000 shoppers. Signs must be
exact, fees within 15 % of the oracle's.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from unittest.mock import patch

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.concentration import diversion_ratios
from galleria.agents.pricing.equilibrium import bertrand_nash, best_response
from galleria.agents.pricing.fees import FeeGame, ownership_of
from galleria.experiments.verification.findings import Finding, bound, near, worst
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.worlds import market_of
from galleria.models.settings.tree import Settings
from galleria.models.strategy.case import Conditions
from galleria.models.strategy.desk import Desk

MALL_DIRECT, WAREHOUSE, RIVAL_A, RIVAL_B = range(4)
GIG = [MALL_DIRECT, RIVAL_A, RIVAL_B]
PAY_USD = np.array([10.5, 0.0, 9.5, 9.5])
LOST = np.array([0.05, 0.0, 0.10, 0.10])
"""Points of commission that a cap of 10 % takes from gig couriers."""

REGIME = "default customers in one nest, unit pay fixed, no service radius"
SIGN = "a sign"


@dataclass(frozen=True)
class Case:
    """An equilibrium: its game, fees, shares of the channels, and consumer surplus of an occasion."""

    game: FeeGame
    fee_usd: Floats
    share: Floats
    surplus_usd: float


TABLE = (
    "customers.price_sensitivity.mean_per_usd=0.25",
    "customers.dissimilarity.on_demand=0.7",
    "customers.trip.time_by_basket=0",
    *(
        f"customers.purposes.{name}.{key}={value}"
        for name, share, usd_per_h in (("whenever", 0.65, 0.03), ("stock_up", 0.25, 0.30), ("today", 0.10, 2.0))
        for key, value in {
            "share": share,
            "value_of_delivery_time_usd_per_h": usd_per_h,
            "basket": 1,
            "need": 0,
            "travel_time_weight": 0.4,
            "in_mall": "true",
        }.items()
    ),
)
"""Customers as in the oracle's table."""


@lru_cache
def opened() -> tuple[FeeGame, Floats, Floats]:
    """Open the default market without service radius; return its game, the fees posted, and the sample's baskets."""
    one_nest = property(lambda settings: (False,) * len(settings.couriers))
    with patch.object(Settings, "shipped", one_nest):  # the oracle has all deliveries in one nest, the market two
        market = market_of(
            *TABLE,
            "strategy=nash",
            "strategy.value_of_order=zero",  # the oracle counts margins alone
            "city=grid",
            "city.home_places=600",
            *(f"couriers.{name}.observed.service_radius_km=1000" for name in ("mall_direct", "rival_a", "rival_b")),
        )
        desk = Desk(market.world, market.terms, market.settings.strategy.fees)
        expected = desk.expected()
        support_usd = np.array([courier.settings.support_usd for courier in market.world.couriers])
        unit_cost_usd = np.where(PAY_USD > 0, PAY_USD + support_usd, expected.unit_cost_usd)
        game = desk.game(Conditions(expected.quote_h, unit_cost_usd))
    return game, desk.fees_usd, desk.sample.occasions.basket_usd


def at(game: FeeGame, fee_usd: Floats) -> Case:
    """Return what fees lead to."""
    return Case(game, fee_usd, game.demand.shares(fee_usd), game.demand.consumer_surplus_usd(fee_usd))


def equilibrium(game: FeeGame) -> Case:
    """Return what equilibrium fees lead to."""
    return at(game, bertrand_nash(game, opened()[1], 1e-8, 1.0))


@lru_cache
def case(name: str) -> Case:
    """Return the equilibrium of one of the oracle's cases."""
    game, posted, basket_usd = opened()
    if name == "posted":
        return at(game, posted)
    if name == "taxed":
        utility = game.demand.utility.copy()
        utility[:, GIG] -= 2.0 * game.demand.price_sensitivity[:, None]
        return equilibrium(replace(game, demand=replace(game.demand, utility=utility)))
    if name == "merged":
        return equilibrium(replace(game, ownership=ownership_of(("platform", "platform", "rivals", "rivals"))))
    change_usd: dict[str, Floats] = {
        "nash": np.zeros(1),
        "capped": -LOST * basket_usd[:, None],
        "dearer": np.where(PAY_USD > 0, -3.0, 0.0),
        "bundled": np.array([4.0, 0.0, 0.0, 0.0]),
    }
    return equilibrium(replace(game, margin_usd=game.margin_usd + change_usd[name]))


@row("M5.table", REGIME, oracle="shares as calibrated")
def table() -> Finding:
    """Largest distance of shares of channels at the fees posted."""
    return worst(case("posted").share, [0.02, 0.26, 0.04, 0.02, 0.20, 0.16, 0.30], by=2e-3)


COURIERS = {
    "mall direct": {"courier": MALL_DIRECT, "oracle": 8.18},
    "rival a": {"courier": RIVAL_A, "oracle": 6.35},
    "rival b": {"courier": RIVAL_B, "oracle": 6.24},
}
EACH = {name: {"courier": each["courier"]} for name, each in COURIERS.items()}


@row("M5.nash", f"{REGIME}; 15 %", oracle="solved by others' code", quick=False, cases=COURIERS)
def nash_fee(courier: int, oracle: float) -> Finding:
    """Equilibrium fee, $."""
    return near(case("nash").fee_usd[courier], oracle, share=0.15)


@row("M5.best", REGIME, oracle="search along the fee", quick=False, cases=EACH)
def best_reply(courier: int) -> Finding:
    """Best reply to the fees of others, $."""
    nash = case("nash")
    best, gain = best_response(nash.game, courier, nash.fee_usd, 1e-7)
    if gain >= 1e-12:
        raise ValueError(f"another fee brings {gain} $ more an occasion")
    return near(best, nash.fee_usd[courier], by=1e-5)


@row("M5.surplus", REGIME, oracle=SIGN, quick=False)
def surplus_falls() -> Finding:
    """Change of consumer surplus an occasion from posted fees to equilibrium, $."""
    return bound(case("nash").surplus_usd - case("posted").surplus_usd, "at most", -1e-3)


@row("M5.mall-direct", REGIME, oracle=SIGN, quick=False)
def mall_direct_falls() -> Finding:
    """Change of the share of mall-direct from posted fees to equilibrium."""
    return bound(case("nash").share[MALL_DIRECT] - case("posted").share[MALL_DIRECT], "at most", -1e-3)


@row("M5.cap", f"{REGIME}; cap of 10 %; .75 to 1.3", oracle="about one for one", quick=False, cases=EACH)
def cap_passed_on(courier: int) -> Finding:
    """Rise of the fee by what a cap on commissions takes."""
    base, lost_points = case("nash"), LOST
    chance = base.game.demand.of_couriers(base.fee_usd)[0]
    mean_basket_usd = (chance * opened()[2][:, None]).sum(axis=0) / chance.sum(axis=0)
    rise = (case("capped").fee_usd - base.fee_usd)[courier] / (lost_points * mean_basket_usd)[courier]
    return near(rise, 1.025, by=0.275)


@row("M5.cap share", f"{REGIME}; cap of 10 %", oracle=SIGN, quick=False, cases=EACH)
def cap_loses_orders(courier: int) -> Finding:
    """Change of a gig courier's share by a cap on commissions."""
    return bound((case("capped").share - case("nash").share)[courier], "at most", -1e-4)


@row("M5.cap surplus", f"{REGIME}; cap of 10 %", oracle=SIGN, quick=False)
def cap_costs_customers() -> Finding:
    """Change of consumer surplus an occasion by a cap on commissions, $."""
    return bound(case("capped").surplus_usd - case("nash").surplus_usd, "at most", -1e-3)


@row("M5.pay", f"{REGIME}; gig pay 3 $ higher; 3 %", oracle="the fee under that cap", quick=False, cases=EACH)
def pay_is_like_the_cap(courier: int) -> Finding:
    """Fee where an order costs 3 $ more, $."""
    return near(case("dearer").fee_usd[courier], case("capped").fee_usd[courier], share=0.03)


@row("M5.tax", f"{REGIME}; a tax of 2 $ on gig orders; 1.2 to 2.8", oracle="mostly passed on", quick=False, cases=EACH)
def tax_passed_on(courier: int) -> Finding:
    """Rise of the price with the tax, $."""
    return near(2.0 + (case("taxed").fee_usd - case("nash").fee_usd)[courier], 2.0, by=0.8)


@row("M5.tax warehouse", f"{REGIME}; a tax of 2 $ on gig orders", oracle=SIGN, quick=False)
def tax_fills_the_warehouse() -> Finding:
    """Change of the warehouse's share by a tax on gig orders."""
    return bound((case("taxed").share - case("nash").share)[WAREHOUSE], "at least", 1e-3)


@row(
    "M5.merger",
    f"{REGIME}; rivals merge",
    oracle=SIGN,
    quick=False,
    cases={name: EACH[name] for name in ("rival a", "rival b")},
)
def merger_raises(courier: int) -> Finding:
    """Rise of a fee by the merger of the rivals, $."""
    return bound((case("merged").fee_usd - case("nash").fee_usd)[courier], "at least", 0.1)


@row("M5.merger mall-direct", f"{REGIME}; rivals merge", oracle="hardly", quick=False)
def merger_hardly_moves_mall_direct() -> Finding:
    """Rise of mall-direct's fee over that of rival a."""
    rise = case("merged").fee_usd - case("nash").fee_usd
    return near(rise[MALL_DIRECT] / rise[RIVAL_A], 0.05, by=0.05)


@row("M5.merger surplus", f"{REGIME}; rivals merge", oracle=SIGN, quick=False)
def merger_costs_customers() -> Finding:
    """Change of consumer surplus an occasion by the merger of the rivals, $."""
    return bound(case("merged").surplus_usd - case("nash").surplus_usd, "at most", -1e-4)


@row("M5.bundling", f"{REGIME}; an order costs 4 $ less; .40 to .65", oracle="roughly half", quick=False)
def bundling_halves_the_fee() -> Finding:
    """Fee of mall-direct with bundling over that without."""
    return near(case("bundled").fee_usd[MALL_DIRECT] / case("nash").fee_usd[MALL_DIRECT], 0.525, by=0.125)


@row("M5.bundling share", f"{REGIME}; an order costs 4 $ less; 2.5 to 4", oracle="triples", quick=False)
def bundling_triples_the_share() -> Finding:
    """Share of mall-direct with bundling over that without."""
    return near(case("bundled").share[MALL_DIRECT] / case("nash").share[MALL_DIRECT], 3.25, by=0.75)


@row(
    "M5.diversion",
    f"{REGIME}; .06, the oracle is of a simpler town",
    oracle="solved by others' code (7.7)",
    cases={
        "warehouse": {"to": WAREHOUSE, "oracle": 0.39},
        "mall": {"to": 4, "oracle": 0.12},
        "big box": {"to": 5, "oracle": 0.12},
        "none": {"to": 6, "oracle": 0.27},
    },
)
def diverted(to: int, oracle: float) -> Finding:
    """Part of those who leave mall-direct that goes to a channel."""
    return near(diversion_ratios(opened()[0].demand, opened()[1])[MALL_DIRECT][to], oracle, by=0.06)
