"""The columns of drivers, by subject (model 7.4)."""

import numpy as np

from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.population import Column, Population


class Traits(Population):
    """Who drivers are, and what they want and expect."""

    in_pool = Column(np.bool_, "-", "still ready to work at all")
    vehicle = Column(np.int8, "-", "the driver's vehicle: 0 the usual car, else by its place in `drivers.vehicles`")
    home = Column(np.int32, "place", "where the driver lives and logs on")
    apps = Column(np.int64, "bit mask", "couriers the driver works for", kept=True)
    reservation_usd_per_h = Column(np.float64, "$/h", "net pay below which the driver stays at home")
    hourly_taste = Column(np.float64, "-", "factor on the reservation wage in each hour of day", per="hour")
    belief_usd_per_h = Column(np.float64, "$/h", "expected net pay per hour on line", per="hour")
    offset_s = Column(np.float64, "s", "when in the hour the driver decides")
    hired_by = Column(
        np.int16, "-", "courier whose contract the driver works under in the hour, or -1", per="hour", kept=True
    )


class State(Population):
    """What drivers do now."""

    place = Column(np.int32, "place", "where the driver is, or will be when free", kept=True)
    free_s = Column(np.float64, "s", "end of the present trip, or of the last one", kept=True)
    parcels = Column(np.int32, "-", "orders of the present trip that are not handed over yet", kept=True)
    online = Column(np.bool_, "-", "logged on")
    busy = Column(np.bool_, "-", "on a trip, or on the way to another zone", kept=True)
    idle = Column(np.bool_, "-", "logged on and not busy", kept=True)
    leaving = Column(np.bool_, "-", "logs off at the end of the trip", kept=True)
    since_s = Column(np.float64, "s", "log-on time", kept=True)
    idle_since_s = Column(np.float64, "s", "start of the present idle time", kept=True)


class Clocks(Population):
    """How their time and their kilometres add up."""

    online_s = Column(np.float64, "s", "time on line, booked at log-off", kept=True)
    idle_s = Column(np.float64, "s", "time waiting for an offer", kept=True)
    to_pickup_s = Column(np.float64, "s", "time driving empty to stores", kept=True)
    at_store_s = Column(np.float64, "s", "time waiting and taking over at stores", kept=True)
    to_door_s = Column(np.float64, "s", "time driving with parcels", kept=True)
    at_door_s = Column(np.float64, "s", "time handing over at doors", kept=True)
    relocate_s = Column(np.float64, "s", "time driving to other zones without an order", kept=True)
    pickup_km = Column(np.float64, "km", "driven empty to stores", kept=True)
    loaded_km = Column(np.float64, "km", "driven with parcels", kept=True)
    relocate_km = Column(np.float64, "km", "driven to other zones without an order", kept=True)
    orders = Column(np.int32, "-", "orders delivered", kept=True)
    forgone_usd = Column(
        np.float64, "$", "reservation wages of the hours on line, booked at log-off and midnight", kept=True
    )


class Diaries(Population):
    """What is still to be booked, and what days and weeks brought."""

    log_ons = Column(np.int32, "-", "times logged on whose cost is not booked yet", kept=True)
    costed_s = Column(np.float64, "s", "time on line whose cost of further apps is booked", kept=True)
    costed_km = Column(np.float64, "km", "of these, those whose cost is booked", kept=True)
    km_at_midnight = Column(np.float64, "km", "driven before today", kept=True)
    net_usd_by_hour = Column(
        np.float64, "$", "today's pay and tips less driving, by hour of acceptance", per="hour", kept=True
    )
    online_s_by_hour = Column(np.float64, "s", "today's time on line by hour", per="hour", kept=True)
    net_usd_by_week = Column(np.float64, "$", "pay and tips less driving in the last weeks", per="week", kept=True)
    online_s_by_week = Column(np.float64, "s", "time on line in the last weeks", per="week", kept=True)


class DriverColumns(Diaries, Clocks, State, Traits):
    """All columns of drivers."""

    @property
    def on_duty(self) -> Bools:
        """Return who is logged on or ends a last trip, bool [N]."""
        return self.online | self.busy

    @property
    def driven_km(self) -> Floats:
        """Return what drivers have driven in all, float64 [N], km."""
        return np.asarray(self.pickup_km + self.loaded_km + self.relocate_km)

    def driven_today_km(self, rows: Ints) -> Floats:
        """Return what drivers, rows [m], have driven today, float64 [m], km."""
        so_far_km = self.pickup_km[rows] + self.loaded_km[rows] + self.relocate_km[rows]
        return np.asarray(so_far_km - self.km_at_midnight[rows])
