"""Demand: who lives where with what tastes, and when they shop for what: the replayable shopper table (model 7.1)."""

import numpy as np

from galleria.agents.customers.choice import Nests, gev_noise, positive_stable
from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.settings import CustomerSettings
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.retailers.settings import PickingSettings, RetailerSettings
from galleria.models.city import City
from galleria.models.streams import Stream, Streams


def draw_households(settings: CustomerSettings, city: City, number: int, streams: Streams) -> Households:
    """Draw households with homes in proportion to the places' weights, and tastes of their own.

    Parameters
    ----------
    settings
        Distributions of tastes.
    city
        Its places' `households` are the weights.
    number
        Of households.
    streams
        Streams PLACE, TASTE and MEMBER are read.
    """
    households = Households(number)
    cumulated = np.cumsum(city.places.households)
    where = streams.generator(Stream.PLACE).random(number) * cumulated[-1]
    households.home[:] = np.searchsorted(cumulated, where, side="right")
    households.zone[:] = city.places.zone[households.home]
    households.last_channel[:] = -1
    taste = streams.generator(Stream.TASTE)
    price, time = settings.price_sensitivity, settings.value_of_travel_time
    households.price_sensitivity[:] = lognormal(price.mean_per_usd, price.sd_log, taste.standard_normal(number))
    households.travel_usd_per_h[:] = lognormal(time.mean_usd_per_h, time.sd_log, taste.standard_normal(number))
    households.member[:] = streams.generator(Stream.MEMBER).random(number) < settings.members_share
    return households


def draw_occasions(
    customers: CustomerSettings,
    retailers: RetailerSettings,
    households: Households,
    day: int,
    streams: Streams,
    channels: tuple[str, ...],
    nests: Nests,
    number: int | None = None,
) -> Occasions:
    """Draw a day's shopping occasions: a Poisson process with hourly rates, in the order of arrival.

    Parameters
    ----------
    customers, retailers
        Rates, baskets, categories, picking times.
    households
        Each shops at the same rate; those that were removed do not.
    day
        Its number, from 0; part of the seed.
    streams
        Streams ARRIVAL, PLACE, PURPOSE, BASKET, PICKING, STOCK and CHANNEL_NOISE are read.
    channels, nests
        Names of the channels, which are part of the seed of their noise, and the choice tree.
    number
        Of occasions; drawn from the Poisson distribution when it is None.
    """
    arrival = streams.generator(Stream.ARRIVAL, day)
    if number is None:
        number = int(arrival.poisson(len(households) * customers.occasions_per_household_day))
    occasions = Occasions(number, channel=len(channels))
    occasions.arrive_s[:] = day * DAY_S + arrival_times(np.array(customers.hour_weights), arrival.random(number))
    occasions.household[:] = streams.generator(Stream.PLACE, day).integers(len(households), size=number)
    _draw_purposes(customers, occasions, streams.generator(Stream.PURPOSE, day).random(number))
    basket = streams.generator(Stream.BASKET, day)
    occasions.basket_usd[:] = mean_baskets(customers)[occasions.purpose] * lognormal(
        1.0, customers.basket.sd_log, basket.standard_normal(number)
    )
    categories = np.cumsum(list(retailers.categories.values()))
    occasions.category[:] = np.searchsorted(categories[:-1], basket.random(number), side="right")
    in_mall = np.array([purpose.in_mall for purpose in customers.purposes.values()])
    occasions.category[~in_mall[occasions.purpose]] = len(categories)
    occasions.store_pick[:] = basket.random(number)
    occasions.source_pick[:] = basket.random(number)
    picking = streams.generator(Stream.PICKING, day)
    occasions.picking_s[:] = picking_times(retailers.picking, picking.standard_normal(number))
    occasions.stock_pick[:] = streams.generator(Stream.STOCK, day).random(number)
    occasions.noise[:] = draw_noise(number, day, streams, channels, nests)
    occasions.choice[:] = -1
    return occasions.only(~households.removed[occasions.household]) if households.gone else occasions


def _draw_purposes(settings: CustomerSettings, occasions: Occasions, uniform: Floats) -> None:
    """Give each occasion a purpose, and the value of delivery time that goes with it."""
    purposes = settings.purposes.values()
    shares = np.cumsum([purpose.share for purpose in purposes])
    occasions.purpose[:] = np.searchsorted(shares[:-1], uniform, side="right")
    delay = np.array([purpose.value_of_delivery_time_usd_per_h for purpose in purposes])
    occasions.delay_usd_per_h[:] = delay[occasions.purpose]


def mean_baskets(settings: CustomerSettings) -> Floats:
    """Return the mean basket by purpose, $: in their proportions, with the stated mean over all occasions."""
    relative = np.array([purpose.basket for purpose in settings.purposes.values()])
    shares = np.array([purpose.share for purpose in settings.purposes.values()])
    return np.asarray(settings.basket.mean_usd * relative / (shares @ relative))


def draw_noise(number: int, day: int, streams: Streams, channels: tuple[str, ...], nests: Nests) -> Floats:
    """Draw the GEV noise of each occasion; a channel's part depends on its name, not on which others there are.

    Returns
    -------
    float64 [number, C], utils.
    """
    exponential = np.column_stack(
        [streams.generator(Stream.CHANNEL_NOISE, day, name).standard_exponential(number) for name in channels]
    )
    stable = np.ones((number, len(nests.dissimilarity)))
    for nest, dissimilarity in enumerate(nests.dissimilarity.tolist()):
        if dissimilarity < 1:
            generator = streams.generator(Stream.CHANNEL_NOISE, day, f"nest {nest}")
            angle = generator.uniform(0, np.pi, number)
            stable[:, nest] = positive_stable(dissimilarity, angle, generator.standard_exponential(number))
    return gev_noise(exponential, stable, nests)


def arrival_times(hour_weights: Floats, uniform: Floats) -> Floats:
    """Turn uniform numbers into sorted times of day with hourly rates, by the inverse of the cumulated rate.

    Parameters
    ----------
    hour_weights
        float64 [24], sum to 1.
    uniform
        float64 [n].

    Returns
    -------
    float64 [n], s since midnight, in order.
    """
    cumulated = np.concatenate([[0.0], np.cumsum(hour_weights)])
    return np.asarray(np.interp(np.sort(uniform) * cumulated[-1], cumulated, np.arange(25) * HOUR_S))


def lognormal(mean: float, sd_log: float, normal: Floats) -> Floats:
    """Turn standard normal numbers into lognormal ones of a given mean."""
    return np.asarray(mean * np.exp(sd_log * normal - sd_log**2 / 2))


def picking_times(settings: PickingSettings, normal: Floats) -> Floats:
    """Turn standard normal numbers into lognormal picking times of the given mean and coefficient of variation, s."""
    return lognormal(settings.mean_min * 60, np.sqrt(np.log1p(settings.cv**2)), normal)
