"""Orders: what a customer has asked a courier for, from the placement to the door."""

from enum import IntEnum

import numpy as np

from galleria.agents.kernel.journal import Journal
from galleria.agents.kernel.population import Column, Population


class Status(IntEnum):
    """Where an order ends; every order is placed, and then delivered, cancelled or still open.

    Restaurant meals are listed also where no courier quoted: those are refused.
    """

    OPEN = 0
    DELIVERED = 1
    CANCELLED = 2
    REFUSED = 3


MEALS = 2**40
"""What drivers add to the row of a restaurant meal, so that its number is no other order's."""


class Orders(Population):
    """One row an order, in the order of placement; times in seconds since the start of day 0, nan until known.

    Rows from `count` on are spare room. `trips` counts the trips of gig drivers. `ended` counts the orders that were
    delivered or cancelled; `closed` lists those whose money has not been settled yet. Runs that are recorded have a
    `journal`. Drivers know an order by its row and `first_number`, 0 or `MEALS`.
    """

    day = Column(np.int16, "-", "day of placement, from 0")
    courier = Column(np.int16, "-", "courier's number, which is also its channel")
    household = Column(np.int32, "-", "row of the customer's household")
    occasion = Column(np.int64, "-", "number of the shopping occasion, counted through all days")
    store = Column(np.int32, "-", "row of the retailer, -1 for the marketplace's sellers")
    origin = Column(np.int32, "place", "where the parcel is collected")
    destination = Column(np.int32, "place", "the customer's home")
    zone = Column(np.int16, "-", "zone of the home")
    basket_usd = Column(np.float64, "$", "value of the goods at shelf prices")
    fee_usd = Column(np.float64, "$", "delivery fee, with the surge's part")
    surge_usd = Column(np.float64, "$", "of the fee, what a surge added when the order was placed")
    promotion_usd = Column(np.float64, "$", "what the courier gives the customer for it")
    service_usd = Column(np.float64, "$", "service fee, a share of the basket")
    markup_usd = Column(np.float64, "$", "mark-up on shelf prices")
    tax_usd = Column(np.float64, "$", "taxes and public fees on the delivery")
    tip_usd = Column(np.float64, "$", "tip to the driver")
    commission_usd = Column(np.float64, "$", "commission the store pays the courier")
    pay_usd = Column(np.float64, "$", "pay the driver accepted")
    raised_usd = Column(np.float64, "$", "of the pay, what policies added to the offer")
    charge_usd = Column(np.float64, "$", "road and kerb charges of the trip, paid by who drives, shared by its orders")
    credit_usd = Column(np.float64, "$", "what the customer gets back if it comes after the promised time")
    delay_usd_per_h = Column(np.float64, "$/h", "the customer's value of delivery time")
    value_usd = Column(np.float64, "$", "what the choice as quoted is worth to the customer over not buying, in money")
    placed_s = Column(np.float64, "s", "time of placement")
    ready_s = Column(np.float64, "s", "time at which the store has it packed")
    accepted_s = Column(np.float64, "s", "time at which a driver accepted it")
    arrived_s = Column(np.float64, "s", "time at which the driver is at the store")
    picked_s = Column(np.float64, "s", "time at which it leaves the store")
    delivered_s = Column(np.float64, "s", "time at which it is handed over at the door")
    promised_s = Column(np.float64, "s", "time until which it is promised")
    quoted_s = Column(np.float64, "s", "how long it was quoted to take")
    expected_s = Column(np.float64, "s", "how long its customer expected it to take: quote and lateness remembered")
    driver = Column(np.int32, "-", "row of the driver, -1 for none")
    trip = Column(np.int32, "-", "number of the trip that carries it, counted through the run, -1 for none")
    bundle = Column(np.int16, "-", "orders of that trip, 0 for none")
    pickup_km = Column(np.float64, "km", "driven empty to the store, shared equally by the orders of the trip")
    loaded_km = Column(np.float64, "km", "driven to the door from the store or from the door before")
    sendable_s = Column(np.float64, "s", "time from which a driver may be sent for it")
    deadline_s = Column(np.float64, "s", "time at which its customer gives up if nobody carries it")
    tie_seed = Column(np.uint64, "-", "seed of the noise that breaks ties between drivers")
    offers = Column(np.int16, "-", "how often it was offered to a driver")
    status = Column(np.int8, "-", "Status")

    def __init__(self, size: int, first_number: int = 0) -> None:
        super().__init__(size)
        self.first_number = first_number
        self.count = 0
        self.ended = 0
        self.closed: list[int] = []
        self.trips = 0
        self.journal: Journal | None = None

    def append(self, number: int) -> slice:
        """Open `number` new rows, with times and driver unknown, and give their slice."""
        if self.count + number > self.size:
            self.grow(2 * (self.count + number))
        new = slice(self.count, self.count + number)
        for name in ("ready_s", "accepted_s", "arrived_s", "picked_s", "delivered_s", "promised_s"):
            getattr(self, name)[new] = np.nan
        self.driver[new] = self.trip[new] = -1
        self.count += number
        return new

    def close(self, rows: list[int], status: Status) -> None:
        """End orders."""
        if rows:
            self.status[rows] = status
            self.closed += rows
            self.ended += len(rows)
