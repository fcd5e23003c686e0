"""Thirteen small worlds and the fingerprint of all that happens in them."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

from tests.market_worlds import BUSY_TOY, run_of

HASHES = Path(__file__).with_name("hashes.json")
TOY = (*BUSY_TOY, "city.households=3000", "drivers.pool=80", "customers.calibration.sample=2000")
"""A town in which about three orders a day come on each driver."""
LONG = (*BUSY_TOY, "city.households=600", "drivers.pool=40", "run.days=15", "customers.calibration.sample=1000")
GRID = ("city=grid", "city.nodes_per_side=25", "city.households=6000", "customers.occasions_per_household_day=0.5")

WORLDS: dict[str, tuple[str, ...]] = {
    "toy": (*TOY, "run.days=2"),
    "lap": (*TOY, "dispatch=lap", "run.days=2", "drivers.multi_homing_share=0.3", "drivers.app_cost_usd_per_h=1"),
    "events": (*TOY, "dispatch=nearest_immediate", "dispatch.interval_s=0"),
    "full_market": (*TOY, "market=full", "run.days=2", "drivers.relocation.theta_per_usd=0.5"),
    "merged_pool": (*TOY, "market=merger", "run.days=2"),
    "entrant": (*LONG, "market=entrant", "strategy.entry.rival_c.day=5"),
    "nash": (*LONG, "strategy=nash"),
    "pay": (*LONG, "strategy=pay"),
    "opt_in": (*LONG, "retailers=logit_dynamic", "strategy=hill_climb"),
    "seattle": (*TOY, "policy=[min_pay_seattle,pass_through,exclusivity_ban,delivery_fee_co]", "run.days=3"),
    "new_york": (*TOY, "policy=[min_pay_nyc_hourly,log_in_cap,congestion_charge,mall_subsidy]", "run.days=3"),
    "meals": (*TOY, "meals=us_2024", "meals.orders_per_household_day=0.2", "drivers.pool=80", "run.days=2"),
    "congested_grid": (*GRID, "traffic=congested", "market=rivals_3", "retailers.kerb.slots=2", "drivers.pool=80"),
}


def fingerprint(*overrides: str) -> str:
    """Return the hash of a world's orders, meals, drivers, stores, days and measures.

    Numbers count to nine significant digits, so that the last bit of a machine's exponential function does not.
    """
    _, outcome = run_of(*overrides)
    digest = hashlib.sha256()
    for name in ("orders", "drivers", "retailers", "diversion", "zones", "meals"):
        if name in outcome.tables:
            _feed(digest, name, outcome.tables[name])
    _feed(digest, "metrics", outcome.metrics.sort_values("metric"))
    return digest.hexdigest()[:16]


def _feed(digest: "hashlib._Hash", name: str, frame: pd.DataFrame) -> None:
    digest.update(name.encode())
    for column in sorted(frame.columns):
        values = frame[column].to_numpy()
        if np.issubdtype(values.dtype, np.floating):
            values = np.array([f"{value:.9g}" for value in values.tolist()])
        digest.update(column.encode())
        digest.update("\n".join(map(str, values.tolist())).encode())


def stored() -> dict[str, str]:
    """Read the fingerprints that are kept."""
    kept = json.loads(HASHES.read_text(encoding="utf-8"))
    assert isinstance(kept, dict)
    return {str(world): str(value) for world, value in kept.items()}
