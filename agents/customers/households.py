"""Customers: households with tastes of their own, and a day's shopping occasions (model 7.1, 7.2)."""

import numpy as np

from galleria.agents.kernel.population import Column, Handle, Population


class Households(Population):
    """Everyone who may shop; tastes belong to the person and stay the same under every policy."""

    home = Column(np.int32, "place", "where the household lives", kept=True)
    zone = Column(np.int16, "-", "zone of the home", kept=True)
    price_sensitivity = Column(np.float64, "1/$", "utils per dollar, alpha")
    travel_usd_per_h = Column(np.float64, "$/h", "value of travel time")
    member = Column(np.bool_, "-", "whether it is a member of the platform")
    last_channel = Column(np.int8, "-", "channel of the last occasion, -1 for none")


class Customer(Handle):
    """One household; its attributes are the columns of `Households`. Removed, it shops no more from the next day on."""


class Occasions(Population):
    """One day's shopping occasions in the order of arrival: the replayable shopper table."""

    arrive_s = Column(np.float64, "s", "arrival since the start of day 0")
    household = Column(np.int32, "-", "row of the household")
    purpose = Column(np.int8, "-", "what the occasion is for, in the order of the config")
    delay_usd_per_h = Column(np.float64, "$/h", "value of delivery time")
    basket_usd = Column(np.float64, "$", "value of the goods wanted, at shelf prices")
    category = Column(np.int8, "-", "kind of goods wanted")
    store_pick = Column(np.float64, "-", "uniform: which of the stores on offer is chosen")
    source_pick = Column(np.float64, "-", "uniform: whether a rival's order is for the mall or the big box")
    stock_pick = Column(np.float64, "-", "uniform: whether the goods are where the records say")
    picking_s = Column(np.float64, "s", "time a picker would need for the basket")
    noise = Column(np.float64, "utils", "GEV taste for each channel", per="channel")
    utility = Column(np.float64, "utils", "V of each channel as quoted at the choice", per="channel")
    choice = Column(np.int8, "-", "chosen channel, -1 before the choice")
