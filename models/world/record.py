"""What is kept of a day's shopping: what each chose, what was refused, and where those went who had another channel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Floats, Ints


@dataclass(frozen=True)
class DayRecord:
    """What is kept of a day's shopping occasions, one entry an occasion unless said otherwise.

    Attributes
    ----------
    day
        Its number.
    hour, zone, choice
        Hour of arrival, zone of the home, chosen channel.
    surplus_usd
        Expected consumer surplus of the channels as quoted, the log-sum in money (Small and Rosen 1981), with
        what a broker's choice for the shopper changed, without what channels are overrated by for their rank, $.
    meal_gain_usd
        The same of meals, all together, beside what it is at usual prices and waits, $.
    trip_km
        Km there and back of the customer's own trip, 0 without one.
    bought_usd
        float64 [C], value at shelf prices of what was bought through each channel, $.
    within_reach, refused
        int64 [J], occasions to which a courier could have delivered, and those of them to which it did not quote or
        whose store had sold out.
    diverted
        int64 [C, C], how many who chose the row's channel would have chosen the column's without it: exact, as the
        taste noise of each person is stored.
    cannibalised
        Orders with mall-direct that the same store would have sold over the counter without mall-direct.
    unplanned_margin_usd
        Gross margin on unplanned purchases that stores of the mall lose as those who chose mall-direct do not come, $.
    opt_in_share
        Share of mall stores on mall-direct during the day, nan without mall-direct.
    unrecovered
        bool [J], whether no addition to its fee recovers what policies cost a courier.
    gig_co2_kg_per_km, van_co2_kg_per_km
        Of gig drivers' cars and of vans, as policies have it.
    """

    day: int
    hour: NDArray[np.int8]
    zone: NDArray[np.int16]
    choice: NDArray[np.int8]
    surplus_usd: Floats
    meal_gain_usd: float
    trip_km: Floats
    bought_usd: Floats
    within_reach: Ints
    refused: Ints
    diverted: Ints
    cannibalised: int
    unplanned_margin_usd: float
    opt_in_share: float
    unrecovered: NDArray[np.bool_]
    gig_co2_kg_per_km: float
    van_co2_kg_per_km: float
