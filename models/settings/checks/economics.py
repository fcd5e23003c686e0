"""Wrong economics: settings whose every number is in its range and that still make no sense together.

Each problem is one sentence with the key, the values and the reason, so that a sweep does not begin on a market that
cannot be, or whose answer would be an artefact.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from galleria.agents.couriers.settings import AnyCourierSettings, PickupCourierSettings, VanCourierSettings
from galleria.agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from galleria.agents.retailers.app_prices import app_markup
from galleria.agents.retailers.settings import HoursSettings
from galleria.models.settings.tree import Settings

SELLERS = {"mall": "mall store", "big_box": "big box", "marketplace": "marketplace seller"}

type Hours = tuple[float, float]


def wrong_economics(settings: Settings) -> list[str]:
    """List what makes no sense: margins, promises, shares that no constants can give, entry, pools, brokers."""
    problems: list[str] = []
    for name, courier in settings.couriers.items():
        problems += _margins(name, courier, settings)
        problems += _promises(name, courier, settings)
    return [*problems, *_unreachable_shares(settings), *_entry(settings), *_pools(settings), *_broker(settings)]


def _margins(name: str, courier: AnyCourierSettings, settings: Settings) -> Iterator[str]:
    """Refuse a commission that takes more than a seller's gross margin: the seller would lose on every order."""
    basket_usd, margin = settings.customers.basket.mean_usd, settings.retailers.margin
    change = courier.commission - courier.observed.commission
    markup = app_markup(courier.markup, change, settings.retailers.price_pass_through)
    for seller in courier.sellers:
        gross = getattr(margin, seller)
        left_usd = (gross + markup - courier.commission) * basket_usd - courier.commission_usd
        if left_usd < 0:
            yield (
                f"couriers.{name}.commission = {courier.commission:g}: a {SELLERS[seller]} with a margin of {gross:g} "
                f"would lose {-left_usd:.2f} $ on a mean basket before picking; no seller would offer its goods there"
            )


def _promises(name: str, courier: AnyCourierSettings, settings: Settings) -> Iterator[str]:
    """Refuse quotes that nobody could keep or that nobody would take."""
    picking_min, cap_h = settings.retailers.picking.mean_min, settings.customers.quote_cap_h
    quoted = {}
    if isinstance(courier, VanCourierSettings):
        for key, hours in (("observed.quote_h", courier.observed.quote_h), ("quote_h", courier.quote_h)):
            if hours > cap_h:
                yield (
                    f"couriers.{name}.{key} = {hours:g}: it is above customers.quote_cap_h ({cap_h:g} h), so nobody "
                    "would ever use the channel"
                )
    elif isinstance(courier, PickupCourierSettings):
        quoted = {
            "observed.preparation_min": courier.observed.preparation_min,
            "preparation_min": courier.preparation_min,
        }
    else:
        quoted = {"observed.preparation_min": courier.observed.preparation_min}
        if courier.collects_at == "warehouse":
            picking_min = courier.warehouse_preparation_min
        if courier.promise.hours is not None:
            to_door_min = picking_min + settings.retailers.handover_min + settings.drivers.door_min
            if 60 * courier.promise.hours < to_door_min:
                yield (
                    f"couriers.{name}.promise.hours = {courier.promise.hours:g}: the promise is shorter than the "
                    f"{to_door_min:g} min that picking and the hand-overs take on average without any driving"
                )
    yield from _preparations(name, quoted, picking_min, cap_h)


def _preparations(name: str, quoted: Mapping[str, float], picking_min: float, cap_h: float) -> Iterator[str]:
    """Refuse minutes from order to departure that are longer than any quote or shorter than picking takes."""
    for key, minutes in quoted.items():
        if minutes > 60 * cap_h:
            yield (
                f"couriers.{name}.{key} = {minutes:g}: it is above customers.quote_cap_h ({cap_h:g} h), so nobody "
                "would ever use the channel"
            )
        if minutes < picking_min:
            yield (
                f"couriers.{name}.{key} = {minutes:g}: the promise is shorter than the {picking_min:g} min that "
                "picking and packing take on average, so most orders would be late from the start"
            )


def _unreachable_shares(settings: Settings) -> Iterator[str]:
    """Refuse observed shares that exceed the part of the occasions in which a channel is open at all."""
    weights = np.array(settings.customers.hour_weights)
    observed = settings.customers.observed_share
    for name, hours in _open_hours(settings).items():
        reachable = sum(_mass(weights, *period) for period in hours)
        courier = settings.couriers.get(name)
        schedule = courier.observed.fee_schedule if courier else None
        of_members = schedule is not None and schedule.members_only
        if of_members:
            reachable *= settings.customers.members_share
        if name in observed and observed[name] >= reachable:
            yield (
                f"customers.observed_share.{name} = {observed[name]:g} cannot be inverted: only {reachable:.3g} of the "
                f"occasions arise while the channel is open{' and are those of members' if of_members else ''}"
            )


def _open_hours(settings: Settings) -> dict[str, list[Hours]]:
    """Return the hours of day in which each channel that depends on stores is open."""
    mall, box, lead_h = settings.retailers.mall, settings.retailers.big_box, settings.retailers.last_order_min / 60
    hours = {STORE_MALL: [_hours(mall, 0.0)], STORE_BIG_BOX: [_hours(box, 0.0)]}
    for name, courier in settings.couriers.items():
        if courier.packs_on_order:
            from_mall, from_box = _hours(mall, lead_h), _hours(box, lead_h)
            if courier.sellers == ("mall",):
                hours[name] = [from_mall]
            elif courier.sellers == ("big_box",):
                hours[name] = [from_box]
            else:
                begin, end = max(from_mall[0], from_box[0]), min(from_mall[1], from_box[1])
                hours[name] = [from_mall, from_box, (end, begin)] if begin < end else [from_mall, from_box]
            until_h = 24.0 if courier.last_order_h is None else courier.last_order_h
            hours[name] = [(min(begin, until_h), min(end, until_h)) for begin, end in hours[name]]
    return hours


def _hours(store: HoursSettings, lead_h: float) -> Hours:
    return store.opens_h, max(store.opens_h, store.closes_h - lead_h)


def _mass(weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]], begin: float, end: float) -> float:
    """Return the share of occasions between two hours of day, negative when they are turned round."""
    cumulated = np.concatenate([[0.0], np.cumsum(weights)])
    at = np.interp([begin, end], np.arange(25), cumulated)
    return float(at[1] - at[0])


def _entry(settings: Settings) -> Iterator[str]:
    """Refuse entrants that are not there or are never let in."""
    for name in settings.strategy.entry:
        if name not in settings.couriers:
            yield f"strategy.entry.{name}: there is no such courier; there are {', '.join(settings.couriers)}"
        elif not settings.couriers[name].active:
            yield f"strategy.entry.{name}: the courier cannot enter while couriers.{name}.active = false"
        elif not settings.couriers[name].paid_by_offer:
            yield f"strategy.entry.{name}: an entrant must pay drivers per offer, it has nobody under contract"


def _pools(settings: Settings) -> Iterator[str]:
    """Refuse pools across firms, of pools, and of anything but gig drivers."""
    couriers = settings.couriers
    for brand, leader in settings.strategy.pooled.items():
        key = f"strategy.pooled.{brand} = {leader}"
        if brand not in couriers or leader not in couriers:
            yield f"{key}: both must be couriers; there are {', '.join(couriers)}"
        elif brand == leader or leader in settings.strategy.pooled:
            yield f"{key}: the leader of a pool must dispatch for itself"
        elif not all(each.by_gig_drivers and each.paid_by_offer for each in (couriers[brand], couriers[leader])):
            yield f"{key}: only couriers with gig drivers who are paid per offer can pool their dispatch"
        elif couriers[brand].firm != couriers[leader].firm:
            yield (
                f"{key}: they belong to {couriers[brand].firm} and {couriers[leader].firm}; firms that pool dispatch "
                "without a merger would have to pay each other, which is not modelled"
            )


def _broker(settings: Settings) -> Iterator[str]:
    """Refuse a broker of couriers that are not there, or whose stores run out of what it has not yet ordered."""
    broker = settings.strategy.broker
    if broker is None:
        return
    for name in broker.couriers:
        gig = [each for each, courier in settings.couriers.items() if courier.by_gig_drivers]
        if name not in gig:
            yield f"strategy.broker.couriers: {name} is no gig courier; there are {', '.join(gig)}"
    if settings.retailers.stock.units is not None:
        yield (
            f"strategy.broker with retailers.stock.units = {settings.retailers.stock.units}: the broker changes the "
            "store after it was looked up whether the goods are there"
        )
