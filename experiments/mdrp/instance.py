"""Instances of the meal-delivery routing problem (public_instances of grubhub/mdrplib), folders or tar archives."""

import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.roads import Roads
from galleria.models.errors import UsageError

FILES = ("orders.txt", "couriers.txt", "restaurants.txt", "instance_parameters.txt")
_COLUMNS = {
    "orders.txt": ("order", "x", "y", "placement_time", "restaurant", "ready_time"),
    "couriers.txt": ("courier", "x", "y", "on_time", "off_time"),
    "restaurants.txt": ("restaurant", "x", "y"),
    "instance_parameters.txt": (
        "meters_per_minute",
        "pickup service minutes",
        "dropoff service minutes",
        "target click-to-door",
        "maximum click-to-door",
        "pay per order",
        "guaranteed pay per hour",
    ),
}
_DAYS_OF_ROADS = 3


@dataclass(frozen=True)
class Instance:
    """One instance; times in minutes. Places are the restaurants, then the orders, then the couriers.

    Attributes
    ----------
    name
        As in the collection, "0o100t100s1p100".
    order, restaurant, courier
        Their names.
    restaurant_of
        int32 [n], restaurant of each order.
    placed_min, ready_min
        int64 [n].
    on_min, off_min
        int64 [c], shifts of the couriers.
    travel_min
        uint16 [P, P], ceil(distance / speed).
    pickup_min, dropoff_min
        Service: half before, half after the pick-up or drop-off.
    target_min, limit_min
        Click-to-door times aimed at, and never to be passed by a good solution.
    pay_per_order_usd, pay_per_h_usd
        A courier gets the larger of so much an order and so much an hour of the shift.

    Notes
    -----
    Sixteen attributes, because the files of the collection have so many columns and parameters.
    """

    name: str
    order: list[str]
    restaurant: list[str]
    courier: list[str]
    restaurant_of: Ints
    placed_min: Ints
    ready_min: Ints
    on_min: Ints
    off_min: Ints
    travel_min: NDArray[np.uint16]
    pickup_min: float
    dropoff_min: float
    target_min: float
    limit_min: float
    pay_per_order_usd: float
    pay_per_h_usd: float

    @property
    def door(self) -> Ints:
        """Places of the orders' doors, int64 [n]."""
        return np.asarray(len(self.restaurant) + np.arange(len(self.order)), np.int32)

    @property
    def start(self) -> Ints:
        """Places where the couriers come on, int32 [c]."""
        return np.asarray(len(self.restaurant) + len(self.order) + np.arange(len(self.courier)), np.int32)

    def place_name(self, place: int) -> str:
        """Name a place as the files do."""
        return (self.restaurant + self.order + self.courier)[place]

    def roads(self) -> Roads:
        """Return the travel times as the dispatcher takes them; there is no rush hour."""
        progress_s = np.arange(_DAYS_OF_ROADS * 24 + 1, dtype=np.float64) * HOUR_S
        return Roads(self.travel_min, 60.0, self.travel_min, 1.0, progress_s)


def find_instances(folder: Path) -> list[tuple[str, Callable[[], Instance]]]:
    """List the instances in a folder, its subfolders and its .tar.gz archives, by name, each with its reader.

    Raises
    ------
    UsageError
        If there are none.
    """
    found: dict[str, Callable[[], Instance]] = {}
    for orders in sorted(folder.rglob(FILES[0])):
        found[orders.parent.name] = lambda where=orders.parent: read_instance(where)  # type: ignore[misc]
    for archive in sorted(folder.glob("*.tar.gz")):
        for name, texts in _in_archive(archive):
            found.setdefault(name, lambda name=name, texts=texts: _parse(name, texts))  # type: ignore[misc]
    if not found:
        raise UsageError(f"{folder} has no instances: neither {FILES[0]} in a folder nor .tar.gz archives of such")
    return sorted(found.items())


def _in_archive(archive: Path) -> Iterator[tuple[str, dict[str, str]]]:
    texts: dict[str, dict[str, str]] = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            path = Path(member.name)
            if member.isfile() and path.name in FILES and (stream := opened.extractfile(member)) is not None:
                texts.setdefault(path.parent.name, {})[path.name] = stream.read().decode()
    yield from texts.items()


def read_instance(folder: Path) -> Instance:
    """Read the four files of one instance.

    Raises
    ------
    UsageError
        If a file or one of its columns is missing.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise UsageError(f"{folder} is no instance: {', '.join(missing)} missing")
    return _parse(folder.name, {name: (folder / name).read_text(encoding="utf-8") for name in FILES})


def _parse(name: str, texts: dict[str, str]) -> Instance:
    tables = {}
    for file, columns in _COLUMNS.items():
        if file not in texts:
            raise UsageError(f"instance {name}: {file} is missing")
        tables[file] = pd.read_csv(StringIO(texts[file]), sep="\t")
        missing = [column for column in columns if column not in tables[file]]
        if missing:
            raise UsageError(f"instance {name}: {file} has no column {', '.join(missing)}")
    orders, couriers, restaurants = (tables[file] for file in FILES[:3])
    rules = tables[FILES[3]].iloc[0]
    x, y = (np.concatenate([t[axis].to_numpy(np.float64) for t in (restaurants, orders, couriers)]) for axis in "xy")
    metres = np.hypot(x[:, None] - x, y[:, None] - y)
    travel_min = np.ceil(metres / float(rules["meters_per_minute"])).astype(np.uint16)
    travel_min.flags.writeable = False  # as the memory-mapped tables of a city: one compilation serves both
    number = {restaurant: k for k, restaurant in enumerate(restaurants["restaurant"])}
    return Instance(
        name=name,
        order=orders["order"].tolist(),
        restaurant=restaurants["restaurant"].tolist(),
        courier=couriers["courier"].tolist(),
        restaurant_of=np.array([number[each] for each in orders["restaurant"]], np.int32),
        placed_min=orders["placement_time"].to_numpy(np.int64),
        ready_min=orders["ready_time"].to_numpy(np.int64),
        on_min=couriers["on_time"].to_numpy(np.int64),
        off_min=couriers["off_time"].to_numpy(np.int64),
        travel_min=travel_min,
        pickup_min=float(rules["pickup service minutes"]),
        dropoff_min=float(rules["dropoff service minutes"]),
        target_min=float(rules["target click-to-door"]),
        limit_min=float(rules["maximum click-to-door"]),
        pay_per_order_usd=float(rules["pay per order"]),
        pay_per_h_usd=float(rules["guaranteed pay per hour"]),
    )
