"""A fleet: how a courier's parcels get to the door, and all that depends on it (model 7.5, 7.7).

What every fleet has to do is abstract here; what only some of them have (a surge, tours) is answered
for all the others, so that nobody has to ask of which kind a fleet is.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import inf

from galleria.agents.couriers.tour_plan import TourPlan
from galleria.agents.kernel.arrays import Floats, Ints


class Fleet(ABC):
    """How a courier gets parcels to the door: gig drivers, another courier's drivers, vans, or the customer's own car.

    Attributes
    ----------
    tours, leaves_h
        Van tours of all days, in order, and the hour at which they leave; none for other fleets.
    can_send
        Whether `dispatch` left orders that drivers may be sent for, so that the next interval counts.
    """

    tours: Sequence[TourPlan] = ()
    leaves_h: float = 0.0
    can_send: bool = False

    @property
    @abstractmethod
    def pending(self) -> int:
        """Number of orders that nobody carries yet."""

    @abstractmethod
    def take(self, rows: Ints) -> None:
        """Take orders, rows in order of time; those that are placed later than now wait for their time."""

    @abstractmethod
    def requote(self, now_s: float) -> float:
        """Learn from what has happened by `now_s`; return the quoted hours, inf for no service."""

    @property
    def is_matching(self) -> bool:
        """Whether orders wait for a driver, or for a customer to collect them."""
        return False

    def dispatch(self, now_s: float) -> None:  # noqa: B027  # nothing to decide for some fleets
        """Decide at `now_s` who delivers what."""

    def next_event_s(self, now_s: float) -> float:
        """Return the next time at which `dispatch` may do something that it could not do at `now_s`."""
        del now_s
        return inf

    def close_day(self, day: int) -> float:
        """Do what is done once a day; return what the courier's own vehicles cost, $."""
        del day
        return 0.0

    @property
    def tells_apart(self) -> bool:
        """Whether customers get quotes of their own, by `quotes_h`, and not all the same one."""
        return False

    def quotes_h(self, zone: Ints, drive_h: Floats, now_s: float) -> Floats:
        """Return quotes to customers by their zones, int [m], and by drives from store to door; float64 [m], h."""
        raise NotImplementedError

    def surcharge(self, fee_usd: float) -> Floats | None:
        """Return what a surge adds now to a fee by the zone of the store, float64 [Z], $; None without surges."""
        del fee_usd
        return None

    def marginal_usd(self, parcels_per_day: float) -> float:
        """Return what one more parcel a day adds to the cost of the courier's own vehicles, $."""
        del parcels_per_day
        return 0.0
