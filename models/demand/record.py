"""What is kept of a day's shopping: what each chose, what was refused, and where those went who had another channel."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.couriers.settings import PickupCourierSettings
from agents.customers.channels import STORE_MALL
from agents.customers.households import Occasions
from agents.customers.utility import expected_surplus_usd
from agents.kernel.arrays import Floats, Ints
from agents.kernel.clock import DAY_S, HOUR_S
from agents.retailers.retailer import BIG_BOX
from models.supply.membership import MALL_DIRECT

if TYPE_CHECKING:
    from models.market import Market


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
        what a broker's choice for the shopper changed, $.
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
    gig_co2_kg_per_km, van_co2_kg_per_km
        Of gig drivers' cars and of vans, as policies have it.
    """

    day: int
    hour: NDArray[np.int8]
    zone: NDArray[np.int16]
    choice: NDArray[np.int8]
    surplus_usd: Floats
    trip_km: Floats
    bought_usd: Floats
    within_reach: Ints
    refused: Ints
    diverted: Ints
    cannibalised: int
    unplanned_margin_usd: float
    opt_in_share: float
    gig_co2_kg_per_km: float
    van_co2_kg_per_km: float


def record_day(market: "Market") -> DayRecord:
    """Keep what is needed of the day that closes."""
    occasions, households = market.today.occasions, market.households
    person = occasions.household
    alpha = households.price_sensitivity[person]
    couriers, channels = len(market.couriers), len(market.channels)
    could = np.isfinite(market.today.choices.utility[:, :couriers])
    refused = could & ~np.isfinite(occasions.utility[:, :couriers])
    second = second_channel(occasions)
    pair = occasions.choice.astype(np.int64) * channels + second
    cannibalised, unplanned_margin_usd = _lost_visits(market, second)
    return DayRecord(
        day=market.day,
        hour=(occasions.arrive_s % DAY_S // HOUR_S).astype(np.int8),
        zone=households.zone[person],
        choice=occasions.choice.copy(),
        surplus_usd=expected_surplus_usd(occasions.utility, market.nests, alpha) + market.today.routed_usd,
        trip_km=_own_trip_km(market),
        bought_usd=np.bincount(occasions.choice, occasions.basket_usd, minlength=channels),
        within_reach=could.sum(axis=0),
        refused=refused.sum(axis=0),
        diverted=np.bincount(pair, minlength=channels**2).reshape(channels, channels),
        cannibalised=cannibalised,
        unplanned_margin_usd=unplanned_margin_usd,
        opt_in_share=market.membership.opt_in_share,
        gig_co2_kg_per_km=market.regulator.emission(market.settings.traffic.car_co2_kg_per_km, "gig"),
        van_co2_kg_per_km=market.regulator.emission(market.settings.traffic.van_co2_kg_per_km, "van"),
    )


def second_channel(occasions: Occasions) -> Ints:
    """Return what each would have chosen without the channel that was chosen, int64 [n]."""
    taste = occasions.utility + occasions.noise
    taste[np.arange(len(occasions)), occasions.choice] = -np.inf
    return np.asarray(taste.argmax(axis=1))


def _own_trip_km(market: "Market") -> Floats:
    """Return the km there and back of customers' own trips, float64 [n]."""
    occasions, nearest = market.today.occasions, market.shopping.nearest
    home = market.households.home[occasions.household]
    first_store = len(market.couriers)
    own_trips = [
        (first_store, nearest.mall_place[home]),
        (first_store + 1, market.stores.place[nearest.big_box[None][home]]),
    ]
    own_trips += [
        (courier.number, market.today.choices.origin[:, courier.number])
        for courier in market.couriers
        if isinstance(courier.settings, PickupCourierSettings)
    ]
    km = np.zeros(len(occasions))
    for channel, place in own_trips:
        goes = occasions.choice == channel
        km[goes] = market.roads.km(home[goes], place[goes]) + market.roads.km(place[goes], home[goes])
    return km


def _lost_visits(market: "Market", second: Ints) -> tuple[int, float]:
    """Follow those who chose mall-direct and would else have come to the mall, see `DayRecord`."""
    if MALL_DIRECT not in market.settings.couriers:
        return 0, 0.0
    occasions, number = market.today.occasions, market.channels.index(MALL_DIRECT)
    stays = np.flatnonzero((occasions.choice == number) & (second == market.channels.index(STORE_MALL)))
    home = market.households.home[occasions.household]
    would_visit = market.shopping.store_visited(occasions, home)[stays]
    sells = market.today.choices.store[stays, number]
    neighbour = market.settlement.other_store(would_visit, occasions.source_pick[stays])
    unplanned_usd = market.settings.retailers.unplanned_share * occasions.basket_usd[stays]
    in_mall = market.stores.mall[sells] != BIG_BOX
    return int((in_mall & (sells == would_visit)).sum()), float(unplanned_usd @ market.stores.margin[neighbour])
