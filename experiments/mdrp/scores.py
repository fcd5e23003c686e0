"""Measures of a solved instance, beside its provable bounds where there are any."""

from pathlib import Path

import numpy as np
import pandas as pd

from galleria.experiments.mdrp.referee import Delivered
from galleria.experiments.mdrp.solution import driven_min
from galleria.experiments.mdrp.undelivered import REASONS, reasons

BOUNDS = "reference_bounds.csv"


def read_bounds(folder: Path) -> pd.DataFrame | None:
    """Read the table of lower bounds that lies beside the instances, by instance; None where there is none."""
    path = folder / BOUNDS
    return pd.read_csv(path).set_index("instance") if path.is_file() else None


def score(done: Delivered, bounds: pd.DataFrame | None) -> dict[str, float | int | str | None]:
    """Measure one instance: times in minutes, of delivered orders; money in dollars; gaps to the lower bounds.

    `undelivered_<reason>` counts the orders that were not delivered, by reason.
    """
    instance = done.instance
    picked, dropped, courier = done.times()
    delivered = np.isfinite(dropped)
    by_courier = np.bincount(courier[courier >= 0], minlength=len(instance.courier))
    shift_min = (instance.off_min - instance.on_min).astype(np.float64)
    pay = np.maximum(by_courier * instance.pay_per_order_usd, shift_min / 60 * instance.pay_per_h_usd)
    click = (dropped - instance.placed_min)[delivered]
    served = int(delivered.sum())
    trips = np.bincount([trip.courier for trip in done.trips], minlength=len(shift_min))
    busy_min = driven_min(done) + trips * instance.pickup_min + by_courier * instance.dropoff_min
    row: dict[str, float | int | str | None] = {
        "instance": instance.name,
        "orders": len(delivered),
        "delivered": served,
        "ctd_mean": _mean(click),
        "ctd_p90": float(np.quantile(click, 0.9)) if served else None,
        "ctd_over_target_share": _mean(click > instance.target_min),
        "ctd_over_limit": int((click > instance.limit_min).sum()),
        "rtd_mean": _mean((dropped - instance.ready_min)[delivered]),
        "rtp_mean": _mean((picked - instance.ready_min)[delivered]),
        "pay": float(pay.sum()),
        "pay_per_order": float(pay.sum()) / served if served else None,
        "orders_per_trip": served / len(done.trips) if done.trips else None,
        "utilisation": float(busy_min.sum() / shift_min.sum()),
    }
    left = list(reasons(done).values())
    row |= {f"undelivered_{reason}": left.count(reason) for reason in REASONS}
    if bounds is not None and instance.name in bounds.index:
        at = bounds.index.get_loc(instance.name)
        ctd_bound, pay_bound = (
            float(bounds[name].to_numpy()[at]) for name in ("lb_mean_click_to_door", "lb_total_comp")
        )
        row |= {"ctd_bound": ctd_bound, "ctd_gap": float(click.mean()) / ctd_bound - 1 if served else None}
        row |= {"pay_bound": pay_bound, "pay_gap": float(pay.sum()) / pay_bound - 1}
    return row


def _mean(
    values: np.ndarray[tuple[int], np.dtype[np.float64]] | np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> float | None:
    return float(values.mean()) if len(values) else None
