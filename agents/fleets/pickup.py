"""Pick-up: orders on line that customers collect themselves at a big box (model 2.1)."""

from heapq import heappop, heappush
from math import inf

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.couriers.settings import PickupCourierSettings
from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.kernel.roads import Roads, arrival_s


class PickupCounter(Fleet):
    """Hands orders over when they are packed and the customer is there, who leaves home when the order is packed.

    Parameters
    ----------
    settings
        The promised preparation and the time at the kerb.
    orders, roads
        Of the market.
    """

    def __init__(self, settings: PickupCourierSettings, orders: Orders, roads: Roads) -> None:
        self.settings = settings
        self.orders = orders
        self.roads = roads
        self._coming: list[tuple[float, int]] = []

    @property
    def pending(self) -> int:
        """Number of orders that are not collected yet."""
        return len(self._coming)

    @property
    def is_matching(self) -> bool:
        """Whether customers are on their way."""
        return bool(self._coming)

    def take(self, rows: Ints) -> None:
        """Let customers set out when their orders are packed."""
        orders = self.orders
        for row in rows.tolist():
            ready_s = float(orders.ready_s[row])
            there_s = arrival_s(self.roads, int(orders.destination[row]), int(orders.origin[row]), ready_s)
            collected_s = there_s + self.settings.visit_min * 60
            orders.accepted_s[row] = orders.arrived_s[row] = ready_s
            orders.picked_s[row] = orders.delivered_s[row] = collected_s
            heappush(self._coming, (collected_s, row))

    def dispatch(self, now_s: float) -> None:
        """Hand over what has been collected."""
        collected = []
        while self._coming and self._coming[0][0] <= now_s:
            collected.append(heappop(self._coming)[1])
        self.orders.close(collected, Status.DELIVERED)

    def next_event_s(self, now_s: float) -> float:
        """Return the time of the next collection after now."""
        return min((time for time, _ in self._coming if time > now_s), default=inf)

    def requote(self, now_s: float) -> float:
        """Quote the promised preparation, h."""
        del now_s
        return self.settings.preparation_min / 60
