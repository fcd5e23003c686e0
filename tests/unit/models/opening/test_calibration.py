"""Constants give the observed shares at the observed attributes, and no design point's policy enters them."""

import numpy as np

from galleria.agents.customers.choice import probabilities
from galleria.models.opening.calibration import channel_constants
from tests.market_worlds import city_of, market_of, settings_of


def constants(*overrides: str) -> list[float]:
    settings = settings_of("city=toy", *overrides)
    return [float(each) for each in channel_constants(settings, city_of(settings.city))]


def test_a_market_as_observed_has_the_observed_shares() -> None:
    """Mean closed-form shares of a market's own shoppers, another sample than the one calibrated on."""
    market = market_of("city=toy", "city.households=20000", "customers.occasions_per_household_day=2.0")
    market.open_day(0)
    couriers = market.settings.couriers
    quotes = np.zeros(len(market.world.channels.names))
    quotes[: len(couriers)] = [each.observed_quote_h for each in couriers.values()]
    utility = market.today.choices.quoted(slice(None), quotes, market.settings.customers.quote_cap_h)
    share = probabilities(utility, market.world.channels.nests)
    standard_error = share.std(axis=0) / np.sqrt(len(share)) * np.sqrt(2)
    observed = [market.settings.customers.observed_share[name] for name in market.world.channels.names]
    assert (np.abs(share.mean(axis=0) - observed) <= 5 * standard_error + 1e-9).all()


def test_no_policy_enters_the_constants() -> None:
    """Fees, pay, opt-in, reach, who is active, the driver pool: the constants stay, so shares can react."""
    assert constants() == constants(
        "couriers.mall_direct.fee_usd=9.99",
        "couriers.rival_a.markup=0.3",
        "couriers.rival_a.tip_usd=0.0",
        "couriers.rival_b.active=false",
        "couriers.mall_direct.pay.base_usd=20.0",
        "retailers.opt_in.share=0.9",
        "couriers.mall_direct.service_radius_km=1.5",
        "couriers.rival_b.mall_pickup_share=0.9",
        "drivers.pool=20",
        "policy=neutral",
    )


def test_what_was_observed_does() -> None:
    base = constants()
    other = constants("couriers.mall_direct.observed.fee_usd=9.99", "couriers.mall_direct.fee_usd=4.99")
    assert other[0] > base[0] + 0.5
    assert base[-1] == 0
