"""The journal of a run: what happens and is not kept in columns, noted as it happens.

Columns of orders say when each was placed, accepted, collected and delivered, so that is read from them afterwards.
Only offers, shifts, ways without an order and cancellations would be forgotten; a run that is recorded notes them here.
"""

from typing import NamedTuple

from galleria.agents.kernel.arrays import Bools, Floats, Ints


class Offered(NamedTuple):
    """Offers made at one moment, m of them to a driver each, of k orders in all.

    Attributes
    ----------
    now_s
        The moment.
    first, order
        int [m + 1] and int [k], which orders each offer is of.
    driver, place
        int [m], who is asked, and where that driver is.
    pay_usd
        float64 [m], pay offered for the orders together.
    accepted
        bool [m], the answers.
    """

    now_s: float
    first: Ints
    order: Ints
    driver: Ints
    place: Ints
    pay_usd: Floats
    accepted: Bools


class Shift(NamedTuple):
    """A driver who logs on or off."""

    time_s: float
    driver: int
    place: int
    begins: bool


class Move(NamedTuple):
    """Drivers who leave for another zone without an order, m of them.

    Attributes
    ----------
    now_s
        When they leave.
    driver, place, goal
        int [m], who, from where, to where.
    arrives_s, km
        float64 [m], when they are there, and how far it is.
    """

    now_s: float
    driver: Ints
    place: Ints
    goal: Ints
    arrives_s: Floats
    km: Floats


class Journal:
    """Notes of one run, in the order in which things happened."""

    def __init__(self) -> None:
        self.offers: list[Offered] = []
        self.shifts: list[Shift] = []
        self.moves: list[Move] = []
        self.cancelled: list[tuple[float, Ints]] = []
