"""Tables by what is asked for, and each sums to what the others say."""

import numpy as np
import pytest

from tests.market_worlds import BUSY_TOY, market_of, run_of

# fmt: off
ORDERS = [
    "order", "day", "courier", "channel", "zone", "placed_s", "ready_s", "accepted_s", "picked_s", "delivered_s",
    "promised_s", "status", "basket_usd", "fee_usd", "pay_usd", "tip_usd", "pickup_km", "bundle", "driver",
]
# fmt: on


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("metrics", {"zones", "hours", "days"}),
        ("orders", {"zones", "hours", "days", "orders"}),
        ("all", {"zones", "hours", "days", "orders", "drivers", "retailers"}),
    ],
)
def test_what_is_kept(asked: str, given: set[str]) -> None:
    outcome = market_of("city=toy", f"run.tables={asked}").run()
    assert given <= set(outcome.tables)
    assert ("orders" in outcome.tables) == (asked != "metrics")
    assert ("drivers" in outcome.tables) == (asked == "all")


def test_tables_tell_the_same_story() -> None:
    market, outcome = run_of(*BUSY_TOY, "run.days=2")
    tables, value = outcome.tables, outcome.metrics.set_index("metric")["value"]
    orders = tables["orders"]
    assert set(ORDERS) <= set(orders.columns)
    assert len(orders) == value["orders_placed"] * 2 == tables["zones"]["orders"].sum()
    assert tables["hours"]["orders_placed"].sum() == tables["days"]["orders_placed"].sum() == len(orders)
    assert tables["zones"]["occasions"].sum() == tables["days"]["occasions"].sum() == value["occasions"] * 2
    quoted = value["consumer_surplus_quoted_usd"] * 2
    assert tables["zones"]["consumer_surplus_usd"].sum() == pytest.approx(quoted)
    assert tables["days"]["consumer_surplus_usd"].sum() == pytest.approx(quoted)
    assert tables["retailers"]["profit_usd"].sum() == pytest.approx(market.world.ledger.total_usd("store"))
    assert set(orders["status"]) <= {"delivered", "cancelled", "open"}
    assert (np.diff(orders["placed_s"]) >= 0).all()


def test_a_run_without_an_occasion_gives_tables_too() -> None:
    outcome = market_of("city=toy", "customers.occasions_per_household_day=0").run()
    value = outcome.metrics.set_index("metric")["value"]
    assert value["occasions"] == value["orders_placed"] == 0
    assert np.isnan(value["share_none"])
