"""The simple rule that a dispatcher has to beat: no bundles, no look-ahead over couriers who are busy.

Each minute, orders in the order of their ready times go to the idle courier with the earliest pick-up; a courier who
need not leave yet is kept for the order, and the pair is thought over again a minute later.
"""

import numpy as np

from galleria.experiments.mdrp.instance import Instance
from galleria.experiments.mdrp.referee import Delivered, Trip


def run_greedy(instance: Instance) -> Delivered:
    """Run one instance to the end of the last shift."""
    travel, half_pickup, half_drop = instance.travel_min, instance.pickup_min / 2, instance.dropoff_min / 2
    place, free_min = instance.start.copy(), instance.on_min.astype(np.float64)
    to_come = np.argsort(instance.placed_min, kind="stable").tolist()
    waiting: list[int] = []
    trips: list[Trip] = []
    for minute in range(int(instance.placed_min.min()), int(instance.off_min.max()) + 1):
        while to_come and instance.placed_min[to_come[0]] <= minute:
            waiting.append(to_come.pop(0))
        waiting.sort(key=lambda row: (instance.ready_min[row], row))
        idle = np.flatnonzero((free_min <= minute) & (instance.off_min >= minute))
        for row in list(waiting):
            if not len(idle):
                break
            restaurant, door = int(instance.restaurant_of[row]), int(instance.door[row])
            drive = travel[place[idle], restaurant].astype(np.float64)
            pickup = np.maximum(minute + drive + half_pickup, float(instance.ready_min[row]))
            pickup[pickup > instance.off_min[idle]] = np.inf
            best = int(np.lexsort((drive, pickup))[0])
            if not np.isfinite(pickup[best]):
                continue
            courier, leaves = int(idle[best]), float(pickup[best] - half_pickup - drive[best])
            idle = np.delete(idle, best)
            if leaves > minute:
                continue
            waiting.remove(row)
            trip = Trip(courier, [row], minute, int(place[courier]), minute, minute + drive[best], float(pickup[best]))
            trip.dropoff_min = [trip.pickup_min + half_pickup + float(travel[restaurant, door]) + half_drop]
            trips.append(trip)
            place[courier], free_min[courier] = door, trip.dropoff_min[0] + half_drop
    return Delivered(instance, trips)
