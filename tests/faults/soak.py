"""Twenty-four weeks with another policy each day: ``python -m tests.faults.soak [--record]``.

The ledger has to balance, no order may be lost, welfare has to add up to the cent, and memory must not grow but by what
is kept of each day.
"""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from galleria.experiments.scripting import settings
from galleria.experiments.verification.identities import lost_orders, unbalanced_units, welfare_gap_usd
from galleria.models.city import build_city
from galleria.models.market import Market
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import validate
from galleria.models.simulate import open_market

RECORD = Path(__file__).with_name("soak.json")
DAYS = 168
WARM = 28
"""Days after which memory is compared: everything has been compiled and used once."""

SWITCHED = (
    "min_pay_seattle",
    "commission_cap",
    "delivery_fee_co",
    "curb_fee",
    "congestion_charge",
    "mall_subsidy",
    "ev_mandate",
)


def switching(days: int) -> Settings:
    """Return a small town in which each day has a policy of its own."""
    chosen = f"policy=[{','.join(SWITCHED)}]"
    town = ("city=toy", "city.households=600", "drivers.pool=40", "customers.calibration.sample=1000")
    tree = settings([*town, chosen, f"run.days={days}", "drivers.at_rest.days=1"]).model_dump(mode="json")
    in_turn = list(tree["policy"].items())
    daily = {}
    for day in range(days):
        name, each = in_turn[day % len(in_turn)]
        daily[f"{name}_{day}"] = {**each, "from_day": day, "to_day": day + 1}
    return validate({**tree, "policy": daily})


def soak(days: int) -> dict[str, Any]:
    """Run the town; return what was found."""
    point = switching(days)
    market = open_market(point, build_city(point.city), 0)
    resident: list[float] = []
    while market.running:
        market.step()
        if len(market.world.memory.days) > len(resident):
            resident.append(_resident_mb())
    outcome = market.outcome()
    return {
        "days": days,
        "policies": len(point.policy),
        "lost_orders": int(lost_orders(market, outcome).sum()),
        "unbalanced_units": unbalanced_units(market),
        "welfare_gap_usd": welfare_gap_usd(market, outcome),
        "kept_kb_a_day": round(kept_bytes(market) / days / 1000),
        "resident_mb": [round(resident[min(WARM, days // 3) - 1]), round(resident[-1])],
    }


def kept_bytes(market: Market) -> int:
    """Count what measures need of all days: a record a day, and the rows of orders."""
    days, orders = market.world.memory.days, market.world.orders
    columns = [getattr(orders, name) for name in orders.columns()]
    fields = [getattr(day, field.name) for day in days for field in dataclasses.fields(day)]
    records = sum(each.nbytes for each in fields if isinstance(each, np.ndarray))
    return int(records + orders.count * sum(column.nbytes // len(column) for column in columns))


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def main() -> int:
    """Read the command line, run and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--record", action="store_true", help="keep the figures for docs/reliability.md")
    given = parser.parse_args()
    found = soak(given.days)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if given.record:
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    fine = found["lost_orders"] == found["unbalanced_units"] == 0 and found["welfare_gap_usd"] < 0.01
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
