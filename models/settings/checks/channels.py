"""Channels: each needs a constant, and how many stores are on mall-direct is said in one place."""

from galleria.agents.couriers.settings import VanCourierSettings
from galleria.agents.customers.channels import MALL_DIRECT, NONE, STORE_BIG_BOX, STORE_MALL
from galleria.models.settings.tree import Settings


def wrong_channels(settings: Settings) -> list[str]:
    """List channels with no or two constants, shares of channels that are not there or said twice, unknown purposes."""
    return [*_constants(settings), *_listings(settings), *_purposes(settings), *_chains(settings)]


def _constants(settings: Settings) -> list[str]:
    observed = set(settings.customers.observed_share)
    borrowed = {name: each.constant_of for name, each in settings.couriers.items() if each.constant_of is not None}
    channels = {*settings.couriers, STORE_MALL, STORE_BIG_BOX, NONE}
    problems = [
        f"{name} has neither a share in customers.observed_share nor a constant_of"
        for name in sorted(channels - observed - set(borrowed))
    ]
    problems += [f"{name} has both an observed share and a constant_of" for name in sorted(observed & set(borrowed))]
    problems += [
        f"couriers.{name}.constant_of = {of} is no channel with an observed share"
        for name, of in borrowed.items()
        if of not in observed
    ]
    problems += [f"customers.observed_share.{name}: there is no such channel" for name in sorted(observed - channels)]
    return problems


def _purposes(settings: Settings) -> list[str]:
    """Refuse purposes that occasions do not have."""
    known = settings.customers.purposes
    return [
        f"couriers.{name}.serves: there is no purpose {purpose} in customers.purposes"
        for name, courier in settings.couriers.items()
        for purpose in courier.serves or ()
        if purpose not in known
    ]


def _chains(settings: Settings) -> list[str]:
    """Refuse big boxes of a chain that no big box belongs to."""
    chains = settings.retailers.big_box.chains
    return [
        f"couriers.{name}.big_box_chain = {courier.big_box_chain}: there is no such chain; there are "
        f"{', '.join(chains)}"
        for name, courier in settings.couriers.items()
        if not isinstance(courier, VanCourierSettings) and courier.big_box_chain not in {None, *chains}
    ]


def _listings(settings: Settings) -> list[str]:
    """Refuse a share of stores on mall-direct that the stores' settings do not say, or say without a mall-direct."""
    opt_in, problems = settings.retailers.opt_in, []
    for name, courier in settings.couriers.items():
        if name == MALL_DIRECT and courier.lists_stores and courier.share_posted is not None:
            problems.append(
                f"couriers.{name}.listed_share = {courier.share_posted:g}: how many stores are on it is up to the "
                "stores; leave it null and set retailers.opt_in.share"
            )
        if name != MALL_DIRECT and courier.share_posted is None:
            problems.append(
                f"couriers.{name}.listed_share is missing: it must be given, as retailers.opt_in is about "
                f"{MALL_DIRECT} alone"
            )
    if MALL_DIRECT not in settings.couriers:
        if opt_in.share is not None:
            problems.append(
                f"retailers.opt_in.share = {opt_in.share:g}: there is no courier {MALL_DIRECT} that stores could join; "
                "leave it null"
            )
        if opt_in.mode != "fixed_share":
            problems.append(
                f"retailers.opt_in.mode = {opt_in.mode}: there is no courier {MALL_DIRECT} that stores could join; "
                "leave it at fixed_share"
            )
    return problems
