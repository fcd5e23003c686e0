"""Writes what was done with an instance in the instances' own solution format, for any evaluator of it."""

from pathlib import Path

import numpy as np

from galleria.experiments.mdrp.referee import Delivered


def write_solution(done: Delivered, folder: Path) -> None:
    """Write the three solution files of an instance into a folder.

    `solution_info_assignments.txt` has a line a trip: time of assignment, time of pick-up, courier, orders in the order
    of their doors. `solution_info_orders.txt` has a line an order, nan where it was not delivered.
    `solution_info_couriers.txt` has a line a move: courier, time of departure, from (0 for the start place), to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    instance = done.instance
    lines = ["assignment_time pickup_time courier bundle"]
    for trip in done.trips:
        names = " ".join(instance.order[row] for row in trip.orders)
        lines.append(f"{trip.assigned_min:g} {trip.pickup_min:g} {instance.courier[trip.courier]} {names}")
    _write(folder / "solution_info_assignments.txt", lines)

    picked, dropped, courier = done.times()
    lines = ["order placement_time restaurant ready_time pickup_time dropoff_time courier"]
    for row, name in enumerate(instance.order):
        known = f"{name} {instance.placed_min[row]} {instance.restaurant[instance.restaurant_of[row]]}"
        by = instance.courier[courier[row]] if courier[row] >= 0 else "nan"
        lines.append(f"{known} {instance.ready_min[row]} {picked[row]:g} {dropped[row]:g} {by}")
    _write(folder / "solution_info_orders.txt", lines)

    lines = ["courier departure_time origin destination"]
    for number, name in enumerate(instance.courier):
        for trip in (each for each in done.trips if each.courier == number):
            here = instance.place_name(trip.origin)
            stop = instance.restaurant[instance.restaurant_of[trip.orders[0]]]
            lines.append(f"{name} {trip.leaves_min:g} {'0' if here == name else here} {stop}")
            clock, here = trip.pickup_min + instance.pickup_min / 2, stop
            for row, dropped_min in zip(trip.orders, trip.dropoff_min, strict=True):
                there = instance.order[row]
                lines.append(f"{name} {clock:g} {here} {there}")
                clock, here = dropped_min + instance.dropoff_min / 2, there
    _write(folder / "solution_info_couriers.txt", lines)


def driven_min(done: Delivered) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the minutes each courier drives, float64 [c]."""
    instance = done.instance
    total = np.zeros(len(instance.courier))
    for trip in done.trips:
        stops = [trip.origin, int(instance.restaurant_of[trip.orders[0]]), *instance.door[trip.orders].tolist()]
        total[trip.courier] += float(instance.travel_min[stops[:-1], stops[1:]].sum())
    return total


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
