"""Measures of mall stores that belong to no chain, beside those that do: whom caps bind and whom couriers show less."""

import numpy as np

from galleria.agents.kernel.arrays import Bools
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measures


def _kinds(evidence: Evidence) -> dict[str, Bools]:
    stores = evidence.stores
    return {"independents": stores.independent, "chains": (stores.mall != BIG_BOX) & ~stores.independent}


@measures("orders_gig_of_<stores>", "1/day")
def orders_gig_of_stores(evidence: Evidence) -> dict[str, float]:
    """Delivered gig orders of mall stores that belong to no chain (independents), and of the others (chains)."""
    sold = evidence.orders.store[evidence.gig]
    count = np.bincount(sold[sold >= 0], minlength=len(evidence.stores))
    return {name: float(count[rows].sum()) / evidence.days for name, rows in _kinds(evidence).items()}


@measures("retailer_profit_of_<stores>_usd", "$/day")
def retailer_profit_of_stores(evidence: Evidence) -> dict[str, float]:
    """Profit of mall stores that belong to no chain (independents), and of the others (chains), before fixed rent."""
    profit_usd = evidence.ledger.balance_usd("store")
    return {name: float(profit_usd[rows].sum()) / evidence.days for name, rows in _kinds(evidence).items()}
