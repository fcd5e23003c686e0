"""The benchmark's table in a terminal."""

from collections.abc import Mapping, Sequence

import numpy as np

from galleria.agents.dispatch.settings import DispatchSettings
from galleria.experiments.mdrp.instance import Instance
from galleria.experiments.mdrp.referee import run_instance
from galleria.experiments.mdrp.undelivered import REASONS, Reason

_COLUMNS = {
    "instance": ("instance", "{}"),
    "orders": ("orders", "{:,}"),
    "delivered": ("delivered", "{:,}"),
    "ctd_mean": ("click-to-door", "{:.2f}"),
    "ctd_p90": ("p90", "{:.1f}"),
    "ctd_gap": ("over bound", "{:.1%}"),
    "rtd_mean": ("ready-to-door", "{:.2f}"),
    "rtp_mean": ("ready-to-pickup", "{:.2f}"),
    "pay_per_order": ("$/order", "{:.2f}"),
    "orders_per_trip": ("orders/trip", "{:.2f}"),
    "utilisation": ("utilisation", "{:.0%}"),
    "seconds": ("s", "{:.2f}"),
    "greedy_delivered": ("greedy", "{:,}"),
    "greedy_ctd_mean": ("its click-to-door", "{:.2f}"),
}
_WORDS: dict[Reason, str] = {
    "after_last_shift": "packed when the last shift was over",
    "no_courier_free": "while no courier could come in time without giving up another trip",
    "in_spite_of_room": "in spite of a courier who could have come",
}


def table_of(rows: Sequence[Mapping[str, float | int | str | None]]) -> str:
    """Write the rows as a table with a line of totals below."""
    names = [name for name in _COLUMNS if name in rows[0]]
    cells = [[_COLUMNS[name][0] for name in names]]
    cells += [["-" if row[name] is None else _COLUMNS[name][1].format(row[name]) for name in names] for row in rows]
    widths = [max(len(line[k]) for line in cells) for k in range(len(names))]
    text = "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    orders, served = (sum(int(row[name] or 0) for row in rows) for name in ("orders", "delivered"))
    click = sum(float(row["ctd_mean"] or 0) * int(row["delivered"] or 0) for row in rows) / max(1, served)
    seconds = sum(float(row["seconds"] or 0) for row in rows)
    total = (
        f"{len(rows)} instances: {served:,} of {orders:,} orders ({served / orders:.2%}), {click:.2f} min on average"
    )
    text += f"\n{total}, {seconds:.1f} s, {orders / max(seconds, 1e-9):,.0f} orders/s"
    if served < orders:
        left = {reason: sum(int(row[f"undelivered_{reason}"] or 0) for row in rows) for reason in REASONS}
        text += f"\n{orders - served:,} not delivered: " + ", ".join(
            f"{number:,} {_WORDS[reason]}" for reason, number in left.items() if number
        )
    if "greedy_delivered" in rows[0]:
        served_all = [row for row in rows if row["greedy_delivered"] == row["orders"]]
        slower = [str(row["instance"]) for row in served_all if _slower(row)]
        faster = ", ".join(slower) or "none"
        text += f"\nThe greedy serves {len(served_all)} instances completely; it is faster on {faster}."
    return text


def _slower(row: Mapping[str, float | int | str | None]) -> bool:
    return float(row["ctd_mean"] or np.inf) > float(row["greedy_ctd_mean"] or np.inf) + 1e-9


def warm_up(settings: DispatchSettings) -> None:
    """Run an instance of three orders, so that no other is timed with the compilation of the kernels."""
    zero, three = np.zeros(3, np.int32), ["o1", "o2", "o3"]
    travel = np.full((6, 6), 5, np.uint16)
    instance = Instance(
        "warm-up", three, ["r1"], ["c1", "c2"], zero, zero, zero, zero[:2], zero[:2] + 300, travel, 4, 4, 40, 90, 10, 15
    )
    run_instance(instance, settings)
