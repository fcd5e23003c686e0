"""Why orders of an instance stay undelivered: three reasons, of which every such order has one."""

from typing import Literal, get_args

import numpy as np

from galleria.experiments.mdrp.referee import Delivered, Trip

Reason = Literal["after_last_shift", "no_courier_free", "in_spite_of_room"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""`after_last_shift`: packed when every shift is over, so no dispatcher can deliver it. `no_courier_free`: no courier
can collect it before the end of the shift without giving up another trip. `in_spite_of_room`: one could have."""


def reasons(done: Delivered) -> dict[int, Reason]:
    """Return the reason for each order (row) that was not delivered."""
    instance = done.instance
    _, dropped, _ = done.times()
    trips: list[list[Trip]] = [[] for _ in instance.courier]
    for trip in sorted(done.trips, key=lambda trip: trip.leaves_min):
        trips[trip.courier].append(trip)
    found: dict[int, Reason] = {}
    for row in np.flatnonzero(np.isnan(dropped)).tolist():
        if instance.ready_min[row] > instance.off_min.max():
            found[row] = "after_last_shift"
        else:
            has_room = any(_has_room(done, row, courier, own) for courier, own in enumerate(trips))
            found[row] = "in_spite_of_room" if has_room else "no_courier_free"
    return found


def _has_room(done: Delivered, row: int, courier: int, trips: list[Trip]) -> bool:
    """Tell whether a courier could serve an order before, between or after the trips there were, and delay none."""
    instance = done.instance
    travel, restaurant, door = instance.travel_min, instance.restaurant_of[row], instance.door[row]
    half_pickup, placed = instance.pickup_min / 2, float(instance.placed_min[row])
    here, free_min = int(instance.start[courier]), float(instance.on_min[courier])
    for next_trip in [*trips, None]:
        at_store = max(free_min, placed) + float(travel[here, restaurant]) + half_pickup
        picked = max(at_store, float(instance.ready_min[row]))
        end = picked + half_pickup + float(travel[restaurant, door]) + instance.dropoff_min
        in_time = next_trip is None or _reaches(done, int(door), end, next_trip)
        if picked <= instance.off_min[courier] and in_time:
            return True
        if next_trip is not None:
            here = int(instance.door[next_trip.orders[-1]])
            free_min = next_trip.dropoff_min[-1] + instance.dropoff_min / 2
    return False


def _reaches(done: Delivered, place: int, free_min: float, trip: Trip) -> bool:
    """Tell whether a courier free at a place and time can still do a trip as it was done."""
    instance = done.instance
    drive = float(instance.travel_min[place, instance.restaurant_of[trip.orders[0]]])
    return free_min + drive + instance.pickup_min / 2 <= trip.pickup_min
