"""A road graph under construction: nodes and two-way or one-way roads are added, then it is read as a file would be."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from galleria.models.city.raw import Floats, RawRoads


@dataclass(eq=False)
class Draft:
    """Nodes (km) and directed edges with class and speed (km/h); lengths are those of straight lines."""

    source: str
    x_km: list[float] = field(default_factory=list)
    y_km: list[float] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    speed_kph: list[float] = field(default_factory=list)
    road_class: list[str] = field(default_factory=list)

    def add_nodes(self, x_km: ArrayLike, y_km: ArrayLike) -> range:
        """Add nodes and give their rows."""
        first = len(self.x_km)
        self.x_km.extend(np.atleast_1d(np.asarray(x_km, dtype=np.float64)).ravel().tolist())
        self.y_km.extend(np.atleast_1d(np.asarray(y_km, dtype=np.float64)).ravel().tolist())
        return range(first, len(self.x_km))

    def add_one_way(self, tail: ArrayLike, head: ArrayLike, road_class: str, speed_kph: float) -> None:
        """Add directed edges of one class (tail and head are broadcast)."""
        tails, heads = np.broadcast_arrays(tail, head)
        self.tail.extend(tails.ravel().tolist())
        self.head.extend(heads.ravel().tolist())
        self.speed_kph.extend([speed_kph] * tails.size)
        self.road_class.extend([road_class] * tails.size)

    def add_two_way(self, one: ArrayLike, other: ArrayLike, road_class: str, speed_kph: float) -> None:
        """Add edges of one class in both directions."""
        self.add_one_way(one, other, road_class, speed_kph)
        self.add_one_way(other, one, road_class, speed_kph)

    def finish(self, length_km: Floats | None = None) -> RawRoads:
        """Return the roads, with straight lengths unless others are stated (a torus has no straight lines)."""
        x, y = np.array(self.x_km), np.array(self.y_km)
        tail, head = np.array(self.tail, dtype=np.int32), np.array(self.head, dtype=np.int32)
        if length_km is None:
            length_km = np.hypot(x[tail] - x[head], y[tail] - y[head])
        unknown = np.full(tail.size, np.nan)
        return RawRoads(
            source=self.source,
            unit="metres",
            node_id=[str(k) for k in range(x.size)],
            x=x * 1000,
            y=y * 1000,
            tail=tail,
            head=head,
            length_m=length_km * 1000,
            speed_kph=np.array(self.speed_kph, dtype=np.float64),
            time_s=unknown,
            lanes=unknown,
            road_class=self.road_class,
            shapes={},
            frame="own",
        )
