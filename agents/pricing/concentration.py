"""Who would gain from whose customers: diversion, pressure on fees after a merger, concentration (model 9)."""

from collections.abc import Iterable, Mapping

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.fees import Demand, FeeGame

HUNDRED_PERCENT = 100.0


def diversion_ratios(demand: Demand, fee_usd: Floats) -> Floats:
    """Return where those go whom a small rise of a fee drives away, -(ds_c / df_k) / (ds_k / df_k).

    Parameters
    ----------
    demand
        Analytic demand of a sample; for a mixed logit the shoppers at the margin count, not the mean one.
    fee_usd
        float64 [J], or [n, J] where what is paid for a delivery differs between shoppers, $.

    Returns
    -------
    float64 [J, C]; -1 for the courier itself, the rest of a row sums to 1; nan where a courier has no customers.

    Notes
    -----
    For a plain logit s_c / (1 - s_k).
    """
    slope = demand.responses(fee_usd).mean(axis=0)
    own = np.diag(slope[:, : demand.couriers])
    ratios: Floats = np.divide(-slope, own[:, None], out=np.full_like(slope, np.nan), where=own[:, None] != 0)
    return ratios


def diverted_value_usd(game: FeeGame, fee_usd: Floats) -> Floats:
    """Return what a lost order of one courier is worth to another, sum_n of the diversion times f_j + m_nj, $.

    Returns
    -------
    float64 [J, J], row: the courier that loses an order, column: the one that may win it. The diagonal is minus the
    margin of the courier's own marginal order.

    Notes
    -----
    With one margin for all orders it is the diversion ratio times the margin; margins depend on baskets, and the
    shoppers who switch have baskets of their own.
    """
    slope = game.demand.responses(fee_usd)
    couriers = game.demand.couriers
    value = (slope[:, :, :couriers] * (fee_usd + game.margin_usd)[:, None, :]).mean(axis=0)
    own = np.diag(slope.mean(axis=0)[:, :couriers])
    worth: Floats = np.divide(-value, own[:, None], out=np.full_like(value, np.nan), where=own[:, None] != 0)
    return worth


def upward_pricing_pressure(game: FeeGame, fee_usd: Floats, efficiency_usd: Floats) -> Floats:
    """Return how much a merger of any two couriers would push up the fee of the first, $.

    Parameters
    ----------
    game
        Before the merger.
    fee_usd
        float64 [J] or [n, J], what is paid for a delivery before the merger, $.
    efficiency_usd
        float64 [J], cost of an order saved by the merger, $.

    Returns
    -------
    float64 [J, J]; entry [k, j] for fee k when its firm buys courier j: the value of the orders that move to j, less
    the saving. 0 on the diagonal and where j already belongs to the firm.

    Notes
    -----
    Farrell and Shapiro (2010), Antitrust evaluation of horizontal mergers: an economic alternative to market
    definition. Positive pressure means a higher fee before rivals react.
    """
    pressure = diverted_value_usd(game, fee_usd) - efficiency_usd[:, None]
    together = game.ownership > 0
    return np.where(together, 0.0, pressure)


def hhi(shares: Iterable[float]) -> float:
    """Return the Herfindahl-Hirschman index, the sum of squared percentage shares of a whole; nan of nothing."""
    parts = np.array(list(shares), dtype=np.float64)
    total = float(parts.sum())
    return float(((HUNDRED_PERCENT * parts / total) ** 2).sum()) if total else float("nan")


def by_firm(shares: Mapping[str, float], owner: Mapping[str, str]) -> dict[str, float]:
    """Add up orders or sales by channel to those of the firms that own the channels."""
    sums = dict.fromkeys(owner.values(), 0.0)
    for channel, share in shares.items():
        sums[owner[channel]] += share
    return sums
