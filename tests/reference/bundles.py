"""Bundles one order at a time, in lists: what `galleria.agents.dispatch.bundles.bundle` does, written to be read."""

from typing import Any, NamedTuple


class Parcel(NamedTuple):
    """An order: places, and times in s."""

    origin: int
    destination: int
    ready_s: float
    due_s: float


class Desk:
    """Puts parcels together on roads given by a function of places and time."""

    def __init__(self, arrival_s: Any, way: Any, stops: Any, lateness: float, now_s: float, candidates: int) -> None:
        self.arrival_s, self.way, self.stops = arrival_s, way, stops
        self.lateness, self.now_s, self.candidates = lateness, now_s, candidates

    def leave_s(self, parcels: list[Parcel], arrives_s: float) -> float:
        """Wait until all is packed, then take it over."""
        taken_s = max([arrives_s + self.stops.before_pickup_s, *(each.ready_s for each in parcels)])
        return float(taken_s + self.stops.after_pickup_s + self.stops.extra_parcel_s * (len(parcels) - 1))

    def drive(self, parcels: list[Parcel], arrives_s: float) -> tuple[float, float]:
        """Drive from door to door; return the customers' delay and the driver's time from the store on."""
        leaves_s = clock_s = self.leave_s(parcels, arrives_s)
        here, delay_s = parcels[0].origin, 0.0
        for parcel in parcels:
            clock_s = self.arrival_s(here, parcel.destination, clock_s) + self.stops.door_s
            delay_s += clock_s - parcel.ready_s + self.lateness * max(0.0, clock_s - parcel.due_s)
            clock_s += self.stops.leave_door_s
            here = parcel.destination
        return delay_s, clock_s - leaves_s

    def end_s(self, parcels: list[Parcel], arrives_s: float) -> float:
        """Return the end of a trip."""
        return self.leave_s(parcels, arrives_s) + self.drive(parcels, arrives_s)[1]

    def join(
        self, trips: list[tuple[list[Parcel], float]], parcels: list[Parcel], most: int, price: float, pickup_s: float
    ) -> list[list[Parcel]]:
        """Let each parcel join the trip or bundle that loses least by it, or start one."""
        bundles = [(list(members), arrives_s) for members, arrives_s in trips]
        for new in parcels:
            own_delay_s, own_drive_s = self.drive([new], self.now_s)
            lone_s = pickup_s + self.stops.before_pickup_s + self.stops.after_pickup_s + own_drive_s
            choices = []
            near = [min(self.way(each.destination, new.destination) for each in members) for members, _ in bundles]
            for number, (members, arrives_s) in enumerate(bundles):
                if len(members) == most or members[0].origin != new.origin:
                    continue
                if len(near) > self.candidates and near[number] > sorted(near)[self.candidates - 1]:
                    continue
                for at in range(len(members) + 1):
                    together = [*members[:at], new, *members[at:]]
                    more_delay_s = self.drive(together, arrives_s)[0] - self.drive(members, arrives_s)[0] - own_delay_s
                    saved_s = lone_s - (self.end_s(together, arrives_s) - self.end_s(members, arrives_s))
                    choices.append((more_delay_s - price * saved_s, number, at))
            net_s, number, at = min(choices, default=(0.0, -1, 0))
            if net_s < 0:
                bundles[number][0].insert(at, new)
            else:
                bundles.append(([new], self.now_s))
        return [members for members, _ in bundles]
