"""Checks a solution of a meal-delivery instance from the files alone, in plain Python, without the referee."""

from collections import defaultdict
from math import ceil, hypot, isnan
from pathlib import Path
from statistics import fmean


def _table(text: str, separator: str | None = "\t") -> list[dict[str, str]]:
    lines = [line.split(separator) for line in text.splitlines() if line.strip()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


class Checked:
    """What a solution does and which rules it breaks.

    Attributes
    ----------
    broken
        A sentence for each rule that is broken.
    delivered, click_to_door
        Number of delivered orders and their mean, min.
    pay
        Of all couriers, $.
    """

    def __init__(self, instance: Path, solution: Path) -> None:
        self.broken: list[str] = []
        orders = {row["order"]: row for row in _table((instance / "orders.txt").read_text())}
        couriers = {row["courier"]: row for row in _table((instance / "couriers.txt").read_text())}
        restaurants = {row["restaurant"]: row for row in _table((instance / "restaurants.txt").read_text())}
        rules = {
            key: float(value) for key, value in _table((instance / "instance_parameters.txt").read_text())[0].items()
        }
        where = {
            name: (float(row["x"]), float(row["y"])) for name, row in {**orders, **couriers, **restaurants}.items()
        }

        def travel(a: str, b: str) -> int:
            (ax, ay), (bx, by) = where[a], where[b]
            return ceil(hypot(ax - bx, ay - by) / rules["meters_per_minute"])

        solved = {row["order"]: row for row in _table((solution / "solution_info_orders.txt").read_text(), None)}
        self._all_orders(orders, solved)
        moves = defaultdict(list)
        for row in _table((solution / "solution_info_couriers.txt").read_text(), None):
            start = row["courier"] if row["origin"] == "0" else row["origin"]
            moves[row["courier"]].append((float(row["departure_time"]), start, row["destination"]))
        visits: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for courier, legs in moves.items():
            here, free = courier, float(couriers[courier]["on_time"])
            for k, (leaves, start, end) in enumerate(legs):
                self._must(start == here, f"{courier} leaves {start} but is at {here}")
                self._must(leaves >= free, f"{courier} leaves {start} at {leaves}, before {free}")
                arrives = leaves + travel(start, end)
                until = legs[k + 1][0] if k + 1 < len(legs) else float("inf")
                visits[courier, end].append((arrives, until))
                here, free = end, arrives
        served: dict[str, str] = {}
        half_pickup, half_drop = rules["pickup service minutes"] / 2, rules["dropoff service minutes"] / 2
        count: dict[str, int] = defaultdict(int)
        for line in (solution / "solution_info_assignments.txt").read_text().splitlines()[1:]:
            assigned, pickup, courier, *bundle = line.split()
            self._assignment(float(assigned), float(pickup), courier, bundle, orders, couriers)
            place = orders[bundle[0]]["restaurant"]
            self._must(self._there(visits[courier, place], float(pickup), half_pickup), f"{courier} is not at {place}")
            before = float(pickup) + half_pickup
            for order in bundle:
                self._must(order not in served, f"{order} is in two bundles")
                served[order] = courier
                count[courier] += 1
                drop = float(solved[order]["dropoff_time"])
                self._must(
                    self._there(visits[courier, order], drop, half_drop), f"{courier} is not at the door of {order}"
                )
                self._must(drop >= before + half_drop, f"{order} is dropped off at {drop}, out of turn")
                before = drop + half_drop
        for order, row in solved.items():
            done = not isnan(float(row["dropoff_time"]))
            self._must(done == (order in served), f"{order} is in no bundle but delivered, or the other way round")
        clicks = [float(solved[order]["dropoff_time"]) - float(orders[order]["placement_time"]) for order in served]
        self.delivered, self.click_to_door = len(served), fmean(clicks) if clicks else float("nan")
        self.pay = sum(
            max(
                count[name] * rules["pay per order"],
                (float(row["off_time"]) - float(row["on_time"])) / 60 * rules["guaranteed pay per hour"],
            )
            for name, row in couriers.items()
        )

    def _must(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.broken.append(otherwise)

    def _all_orders(self, orders: dict[str, dict[str, str]], solved: dict[str, dict[str, str]]) -> None:
        self._must(list(orders) == list(solved), "the solution has not the orders of the instance")
        for order, row in solved.items():
            for name in ("placement_time", "restaurant", "ready_time"):
                self._must(row[name] == orders[order][name], f"{order} has another {name} than in the instance")

    def _assignment(
        self,
        assigned: float,
        pickup: float,
        courier: str,
        bundle: list[str],
        orders: dict[str, dict[str, str]],
        couriers: dict[str, dict[str, str]],
    ) -> None:
        off = float(couriers[courier]["off_time"])
        self._must(pickup <= off, f"{courier} picks up at {pickup}, after off-time {off}")
        self._must(assigned <= pickup, f"{bundle} are assigned at {assigned}, after the pick-up at {pickup}")
        self._must(len({orders[order]["restaurant"] for order in bundle}) == 1, f"{bundle} are of several restaurants")
        for order in bundle:
            self._must(assigned >= float(orders[order]["placement_time"]), f"{order} is assigned before it is placed")
            self._must(pickup >= float(orders[order]["ready_time"]), f"{order} is picked up before it is ready")

    @staticmethod
    def _there(stays: list[tuple[float, float]], time: float, half_service: float) -> bool:
        return any(start + half_service <= time <= end - half_service for start, end in stays)
