"""Work: what drivers delivered in a day of one kind of orders, and what policies cost couriers of it (model 8)."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from galleria.agents.couriers.top_up import engaged_hours
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.order import Orders, Status


@dataclass(frozen=True)
class Work:
    """Orders, or meals, that drivers delivered.

    Attributes
    ----------
    orders, rows
        The population, and which of it.
    engaged_h, paid_usd
        float64 [N, J], hours of each driver on trips for each courier, and their pay.
    """

    orders: Orders
    rows: Ints
    engaged_h: Floats
    paid_usd: Floats

    @classmethod
    def since_settled(cls, orders: Orders, drivers: int, couriers: int) -> Self:
        """Take what so many drivers delivered for so many couriers since orders were last settled."""
        closed = np.array(orders.closed, np.int64)
        rows = closed[(orders.status[closed] == Status.DELIVERED) & (orders.driver[closed] >= 0)]
        engaged_h, paid_usd = np.zeros((2, drivers, couriers))
        cell = orders.driver[rows], orders.courier[rows].astype(np.int64)
        np.add.at(engaged_h, cell, engaged_hours(orders, rows))
        np.add.at(paid_usd, cell, orders.pay_usd[rows])
        return cls(orders, rows, engaged_h, paid_usd)

    @property
    def delivered(self) -> Ints:
        """Number of the orders by courier, int64 [J]."""
        return np.bincount(self._courier, minlength=self.paid_usd.shape[1])

    def by_courier(self, column: str) -> Floats:
        """Add up a column of the orders by courier, float64 [J]."""
        return np.bincount(self._courier, getattr(self.orders, column)[self.rows], self.paid_usd.shape[1])

    def costs(self, lost_usd: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return what policies cost, with commissions lost, and orders, hours on trips and pay, float64 [J] each, $."""
        cost_usd = self.by_courier("raised_usd") + lost_usd
        return cost_usd, self.delivered.astype(np.float64), self.engaged_h.sum(axis=0), self.paid_usd.sum(axis=0)

    @property
    def _courier(self) -> Ints:
        return self.orders.courier[self.rows].astype(np.int64)
