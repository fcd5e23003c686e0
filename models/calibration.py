"""Calibration: the channel constants at which a fixed sample of shoppers gives the observed shares (model 7.2).

The constants say what a channel is worth beside its price, time and assortment. They are inverted at the attributes
that were observed with the shares, never at those of the design point, so that they do not absorb a policy.
"""

import numpy as np

from agents.arrays import Floats
from agents.choice import Nests, invert_shares
from agents.choice_set import Shopping
from agents.courier import GigCourierSettings, Terms, VanCourierSettings
from agents.retailer import Retailers, join_by_share
from models.city import City
from models.demand import draw_households, draw_occasions
from models.settings import Settings
from models.streams import CALIBRATION, Streams


def calibrate(settings: Settings, city: City, shopping: Shopping, channels: tuple[str, ...], nests: Nests) -> Floats:
    """Invert the observed shares into channel constants.

    Parameters
    ----------
    settings
        Of the couriers only what was observed is read. The sample is the same in every replication.
    city, shopping
        Where and from what the sample chooses.
    channels, nests
        The choice tree.

    Returns
    -------
    float64 [C], utils, 0 for not buying.

    Raises
    ------
    ValueError
        If no constants give the shares.
    """
    customers, couriers = settings.customers, settings.couriers
    size = customers.calibration.sample
    streams = Streams(settings.run.seed, CALIBRATION)
    households = draw_households(customers, city, size, streams)
    occasions = draw_occasions(customers, settings.retailers, households, 0, streams, channels, nests, size)
    occasions.household[:] = np.arange(size)
    terms = [observed_terms(each, shopping.stores, size, j) for j, each in enumerate(couriers.values())]
    memory_h = np.zeros((city.zones.n, len(channels)))
    choices = shopping.choice_set(occasions, households, terms, np.zeros(len(channels)), memory_h)
    quote_h = np.zeros(len(channels))
    quote_h[: len(couriers)] = [observed_quote_h(each) for each in couriers.values()]
    utility = choices.quoted(slice(None), quote_h, customers.quote_cap_h)
    target = np.array([customers.observed_share[name] for name in channels])
    return invert_shares(utility, target, nests, customers.calibration.tolerance)


def observed_terms(
    settings: GigCourierSettings | VanCourierSettings, stores: Retailers, occasions: int, number: int
) -> Terms:
    """Give the terms a courier had when the shares were observed, for a number of occasions."""
    listed, mall_pickup_share, service_radius_km = None, 0.0, np.inf
    if isinstance(settings, GigCourierSettings):
        listed = join_by_share(stores.priority[:, number], stores.mall, settings.observed.listed_share)
        mall_pickup_share, service_radius_km = settings.mall_pickup_share, settings.service_radius_km
    return Terms(
        active=True,
        fee_usd=settings.observed.fee_usd,
        service_rate=settings.observed.service_rate,
        markup=settings.observed.markup,
        commission=settings.commission,
        tax_usd=np.zeros(occasions),
        listed=listed,
        mall_pickup_share=mall_pickup_share,
        service_radius_km=service_radius_km,
    )


def observed_quote_h(settings: GigCourierSettings | VanCourierSettings) -> float:
    """Give the quote that went with the observed shares, h to the departure (gig) or to the door (van)."""
    if isinstance(settings, GigCourierSettings):
        return settings.observed.preparation_min / 60
    return settings.observed.quote_h
