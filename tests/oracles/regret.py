"""Residual regret by simulation: what a firm would have gained by another fee, all shoppers and drivers the same.

The analytic regret (table `fees`) leaves out what works through congestion: a lower fee makes for longer queues. Here
each deviation is a run of its own with the seeds of the first, so the difference is that of the fee alone.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from galleria.models.city import City
from galleria.models.settings.strategy import FixedFeesSettings
from galleria.models.settings.tree import Settings
from galleria.models.simulate import simulate


def simulated_regret(
    settings: Settings,
    city: City,
    replications: Sequence[int],
    fee_usd: Mapping[str, float],
    steps_usd: Sequence[float],
) -> pd.DataFrame:
    """Simulate one deviation of one fee at a time from given fees.

    Parameters
    ----------
    settings, city
        The design point; its fees are replaced and stay fixed.
    replications
        Numbers of the replications, the same for all deviations.
    fee_usd
        Fees to deviate from by courier, $; the other couriers keep those of the settings.
    steps_usd
        Deviations, $; fees below zero are left out.

    Returns
    -------
    One row a courier, step and replication: courier, firm, step_usd, replication, gain_usd_per_day (of the firm, with
    all its couriers).
    """
    rows = []
    for replication in replications:
        at_fees = _profit_usd(settings, city, replication, fee_usd)
        for courier, fee in fee_usd.items():
            firm = settings.couriers[courier].firm
            for step in steps_usd:
                if fee + step >= 0:
                    profit = _profit_usd(settings, city, replication, {**fee_usd, courier: fee + step})
                    rows.append((courier, firm, step, replication, profit[firm] - at_fees[firm]))
    return pd.DataFrame(rows, columns=["courier", "firm", "step_usd", "replication", "gain_usd_per_day"])


def at_fixed_fees(settings: Settings, fee_usd: Mapping[str, float]) -> Settings:
    """Return a design point with other fees that stay fixed."""
    couriers = {
        name: each.model_copy(update={"fee_usd": fee_usd.get(name, each.fee_usd)})
        for name, each in settings.couriers.items()
    }
    strategy = settings.strategy.model_copy(update={"fees": FixedFeesSettings(rule="fixed")})
    return settings.model_copy(update={"couriers": couriers, "strategy": strategy})


def _profit_usd(settings: Settings, city: City, replication: int, fee_usd: Mapping[str, float]) -> dict[str, float]:
    metrics = simulate(at_fixed_fees(settings, fee_usd), city, replication).metrics.set_index("metric")["value"]
    return {each.firm: float(metrics[f"profit_{each.firm}_usd"]) for each in settings.couriers.values()}
