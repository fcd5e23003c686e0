"""The live market: the same shoppers under other settings, and why each chose as it did."""

import numpy as np
import pytest

from galleria.experiments.view.live import Live
from galleria.models.errors import UsageError
from tests.market_worlds import BUSY_TOY


@pytest.fixture(scope="module")
def live() -> Live:
    return Live(BUSY_TOY)


def test_a_change_meets_the_same_shoppers_and_another_day_does_not(live: Live) -> None:
    as_given, fewer, another = live.day(), live.day({"drivers.pool": 20}), live.day({"replication": 1})
    for name in ("household", "arrive"):
        assert as_given["shoppers"][name] == fewer["shoppers"][name]
    assert as_given["shoppers"]["household"] != another["shoppers"]["household"]
    assert as_given["orders"] != fewer["orders"]
    assert live.day({"drivers.pool": 60})["orders"] == as_given["orders"]  # what was given, said again
    assert fewer["command"].endswith("drivers.pool=20")
    assert "drivers.pool=60" not in fewer["command"]


def test_what_was_liked_most_was_chosen(live: Live) -> None:
    orders = live.day()["orders"]
    for order in range(0, len(orders["placed"]), 7):
        offers = live.offers({}, order)
        assert [offer["chosen"] for offer in offers] == [True] + [False] * (len(offers) - 1)
        told = [offer["worth"] + offer["taste"] for offer in offers if offer["worth"] is not None]
        assert told == sorted(told, reverse=True)
        last = next(offer for offer in offers if offer["channel"] == "No purchase")
        assert (last["worth"], last["taste"]) == (0, 0)


def test_what_a_delivery_costs_is_what_the_order_was_billed(live: Live) -> None:
    orders = live.day()["orders"]
    names = ("fee", "service", "markup", "tax", "tip")
    for order in range(0, len(orders["placed"]), 7):
        billed = sum(orders[name][order] or 0 for name in names)
        chosen = live.offers({}, order)[0]
        assert chosen["price"] == pytest.approx(billed, abs=0.03)
        assert chosen["minutes"] * 60 == pytest.approx(orders["quoted"][order], abs=1)


def test_wrong_settings_are_said_in_words(live: Live) -> None:
    with pytest.raises(UsageError, match=r"couriers\.rival_a\.commission"):
        live.day({"couriers.rival_a.commission": 7.0})
    with pytest.raises(UsageError, match="one run"):
        Live((*BUSY_TOY, "run.replications=2"))
    with pytest.raises(UsageError, match="last day only"):
        live.offers({}, 10**9)


def test_policies_go_together_and_keep_their_numbers(live: Live) -> None:
    both = live.day({"policy": "min_pay_seattle+pass_through", "policy.min_pay_seattle.usd_per_min": 1.5})
    assert "policy=min_pay_seattle+pass_through" in both["command"]
    pay = [usd for usd in both["orders"]["pay"] if usd is not None]
    plain = [usd for usd in live.day()["orders"]["pay"] if usd is not None]
    assert np.mean(pay) > np.mean(plain)
