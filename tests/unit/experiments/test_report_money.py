"""Money between parties: each courier hands on or keeps all that it takes, and changes are mapped zone by zone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.figures.sankey import Sankey, plot_sankey
from galleria.experiments.report import difference_maps, service
from galleria.experiments.report.money import flows_of, money_section
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import supply_by_opt_in, write_results

ORDER = {
    "courier": "mall_direct",
    "status": "delivered",
    "delivered_s": 100.0,
    "promised_s": 200.0,
    "fee_usd": 5.0,
    "service_usd": 1.0,
    "markup_usd": 2.0,
    "tax_usd": 0.5,
    "tip_usd": 3.0,
    "promotion_usd": 0.0,
    "commission_usd": 4.0,
    "pay_usd": 6.0,
    "credit_usd": 1.0,
}

LATE = {"delivered_s": 300.0, "promised_s": 200.0}


def flows(*changes: dict[str, Any], days: int = 1) -> dict[tuple[str, str], float]:
    frame = flows_of(pd.DataFrame([ORDER | each for each in changes]), days)
    return {(payer, payee): amount for payer, payee, amount in frame.itertuples(index=False)}


def test_one_order_is_followed_to_the_cent() -> None:
    assert flows({}) == {
        ("Customers", "Mall direct"): 11.5,
        ("Sellers", "Mall direct"): 4.0,
        ("Mall direct", "Drivers"): 9.0,
        ("Mall direct", "Sellers again"): 2.0,
        ("Mall direct", "Public purse"): 0.5,
        ("Mall direct", "Couriers keep"): 4.0,
    }


def test_a_late_order_gives_its_credit_back_and_what_never_came_pays_nothing() -> None:
    found = flows(LATE, {"status": "cancelled"}, days=2)
    assert found["Mall direct", "Customers again"] == 0.5
    assert found["Customers", "Mall direct"] == 5.75


def test_a_courier_that_hands_on_more_than_it_takes_adds_the_rest() -> None:
    found = flows({"pay_usd": 20.0})
    assert found["Couriers add", "Mall direct"] == 10.0
    assert ("Mall direct", "Couriers keep") not in found


def test_every_courier_is_in_balance_also_when_small_ones_are_taken_together() -> None:
    rng = np.random.default_rng(3)
    money = [key for key in ORDER if key.endswith("_usd")]
    orders = [
        {"courier": f"c{n % 9}"} | dict(zip(money, rng.uniform(0, 9, len(money)), strict=True)) for n in range(90)
    ]
    frame = flows_of(pd.DataFrame([ORDER | each for each in orders]), 1)
    couriers = {*frame["payer"]} & {*frame["payee"]}
    assert len(couriers) == 7
    assert "Other couriers" in couriers
    for name in couriers:
        taken = frame.loc[frame["payee"] == name, "amount"].sum()
        assert frame.loc[frame["payer"] == name, "amount"].sum() == pytest.approx(taken)


def test_bands_of_a_party_fill_its_bar() -> None:
    frame = pd.DataFrame([("a", "c", 3.0), ("b", "c", 1.0), ("c", "d", 4.0)], columns=["payer", "payee", "amount"])
    names = dict.fromkeys("abcd", "#123456")
    ax = plot_sankey(Sankey(frame, (("a", "b"), ("c",), ("d",)), names, dict.fromkeys("abcd", "$1"), "Money"))
    bars = [each.get_paths()[0].get_extents() for each in ax.collections[-4:]]
    assert [round(float(bar.height), 9) for bar in bars] == [3.0, 1.0, 4.0, 4.0]
    assert bars[0].y0 > bars[1].y1, "parties of a column stand apart"
    bands = [each.get_paths()[0].get_extents() for each in ax.collections[:-4]]
    assert sum(float(band.height) > 0 for band in bands) == 3


def test_orders_without_amounts_have_no_money_to_draw(tmp_path: Path) -> None:
    assert money_section(Study.of(load(write_results(tmp_path, supply_by_opt_in((60, 400), (0.2, 0.8)))))) is None


def test_zones_are_compared_where_both_points_have_enough_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {
        0: [(z, "mall_direct", "delivered", 0.0, 600.0) for z in (1, 2) for _ in range(5)],
        1: [(z, "mall_direct", "delivered", 0.0, 900.0) for z in (1, 2) for _ in range(3 + z)],
    }
    columns = ["zone", "courier", "status", "placed_s", "delivered_s"]
    assert set(columns) == set(service.ORDER_COLUMNS)
    monkeypatch.setattr(
        difference_maps, "rows_of", lambda _, __, point, ___: pd.DataFrame(rows[point], columns=columns)
    )
    found = difference_maps.zone_changes(cast("Study", SimpleNamespace()), 0, 1)
    assert found[["zone", "before", "after", "minutes"]].to_numpy().tolist() == [[2, 10.0, 15.0, 5.0]]
