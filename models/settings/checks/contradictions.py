"""Contradictory policies: each may stand alone, together or in this market they make no sense.

Each problem is one sentence with the keys, the values and the reason, told before anything runs.
"""

from collections.abc import Iterator
from itertools import combinations

from galleria.agents.couriers.settings import GigCourierSettings
from galleria.agents.regulator.fee_answer import FeeAnswerSettings
from galleria.agents.regulator.policies.ev_mandate import EvMandateSettings
from galleria.agents.regulator.policies.fee_limits import FeeLimitsSettings
from galleria.agents.regulator.policies.homing import HomingSettings
from galleria.agents.regulator.policies.hourly_pay import HourlyPaySettings
from galleria.agents.regulator.policies.listing import ListingSettings
from galleria.agents.regulator.policies.log_in_cap import LogInCapSettings
from galleria.agents.regulator.policies.pass_through import PassThroughSettings
from galleria.agents.regulator.policies.speed_promise import SpeedPromiseSettings
from galleria.agents.regulator.policy import PlacedSettings, ScheduledSettings
from galleria.models.settings.strategy import FixedFeesSettings
from galleria.models.settings.tree import Settings

type Named = tuple[str, ScheduledSettings]


def contradictions(settings: Settings) -> list[str]:
    """List the policies that contradict each other, or how couriers set fees and engage drivers."""
    dated = [(f"policy.{name}", each) for name, each in settings.policy.items() if isinstance(each, ScheduledSettings)]
    problems: list[str] = []
    for one, other in combinations(dated, 2):
        if one[1].overlaps(other[1]):
            problems += [*_opposites(one, other), *_limits(one, other), *_limits(other, one), *_twice(one, other)]
            problems += _twice(other, one)
    problems += _vehicles(dated, settings)
    for key, each in dated:
        problems += [*_contracts(key, each, settings), *_fees(key, each, settings), *_promises(key, each, settings)]
    return problems


def _vehicles(dated: list[Named], settings: Settings) -> Iterator[str]:
    """Refuse what takes all drivers for cars, where some have another vehicle."""
    if not settings.drivers.vehicles:
        return
    for key, each in dated:
        if isinstance(each, EvMandateSettings) and each.gig_share > 0:
            yield (
                f"{key}.gig_share = {each.gig_share:g} and drivers.vehicles: the mandate turns kilometres of cars "
                "electric whoever drives; give drivers.vehicles.electric_car.share instead, which counts costs too"
            )
    if settings.traffic.congestion is not None:
        yield (
            "traffic.congestion and drivers.vehicles: the assignment takes every trip of a driver for that of a car; "
            "take traffic=hourly or traffic=by_speed"
        )


def _opposites(one: Named, other: Named) -> Iterator[str]:
    """Refuse two policies that set the same thing to different values."""
    for kind, field, reason in (
        (HomingSettings, "drivers", "drivers cannot be bound to one courier and free to work for all"),
        (ListingSettings, "retailers", "stores cannot be bound to one courier while contracts that bind them are void"),
        (SpeedPromiseSettings, "hours", "a courier makes one promise"),
    ):
        if isinstance(one[1], kind) and isinstance(other[1], kind):
            first, second = getattr(one[1], field), getattr(other[1], field)
            if first != second:
                yield f"{one[0]}.{field} = {first} contradicts {other[0]}.{field} = {second}: {reason}"


def _limits(low: Named, high: Named) -> Iterator[str]:
    """Refuse a floor on fees above a ceiling that holds in the same place."""
    floor, ceiling = low[1], high[1]
    if not (isinstance(floor, FeeLimitsSettings) and isinstance(ceiling, FeeLimitsSettings)):
        return
    if ceiling.highest_usd is not None and floor.lowest_usd > ceiling.highest_usd and _meet(floor, ceiling):
        yield (
            f"{low[0]}.lowest_usd = {floor.lowest_usd:g} is above {high[0]}.highest_usd = {ceiling.highest_usd:g}: no "
            "fee is allowed by both"
        )


def _meet(one: PlacedSettings, other: PlacedSettings) -> bool:
    """Return whether two policies may hold in the same zone."""
    both = isinstance(one.zones, tuple) and isinstance(other.zones, tuple)
    return not both or bool(set(one.zones or ()) & set(other.zones or ()))


def _adds_a_fee(policy: ScheduledSettings) -> bool:
    """Return whether couriers answer a policy by a fee that is given."""
    return isinstance(policy, FeeAnswerSettings) and policy.added_fee_usd > 0


def _twice(answer: Named, policy: Named) -> Iterator[str]:
    """Refuse two answers of couriers to the same cost."""
    if isinstance(answer[1], PassThroughSettings) and _adds_a_fee(policy[1]):
        yield f"{answer[0]} contradicts {policy[0]}.added_fee_usd: couriers would pass the same cost on twice"


def _contracts(key: str, policy: ScheduledSettings, settings: Settings) -> Iterator[str]:
    """Refuse rules on the time drivers choose to spend on line where some are hired by the hour."""
    if not isinstance(policy, HourlyPaySettings | LogInCapSettings):
        return
    for name, courier in settings.couriers.items():
        hires = isinstance(courier, GigCourierSettings) and courier.active and not courier.paid_by_offer
        if isinstance(courier, GigCourierSettings) and hires:
            yield (
                f"{key} with couriers.{name}.contract.kind = {courier.contract.kind}: hours under contract are paid "
                "and limited by the contract, so whose waiting the rule would cover is not defined"
            )


def _fees(key: str, policy: ScheduledSettings, settings: Settings) -> Iterator[str]:
    """Refuse answers and limits on fees that couriers set themselves week by week."""
    fees = settings.strategy.fees
    if isinstance(fees, FixedFeesSettings) or "gig" not in fees.of:
        return
    if isinstance(policy, FeeLimitsSettings):
        yield f"{key} with strategy.fees.rule = {fees.rule}: set strategy.fees.lowest_usd and highest_usd instead"
    added = _adds_a_fee(policy)
    if added or isinstance(policy, PassThroughSettings):
        field = ".added_fee_usd" if added else ""
        yield f"{key}{field} with strategy.fees.rule = {fees.rule}: couriers that set fees answer by these already"


def _promises(key: str, policy: ScheduledSettings, settings: Settings) -> Iterator[str]:
    """Refuse a promise that picking alone would break."""
    if not isinstance(policy, SpeedPromiseSettings):
        return
    retailers = settings.retailers
    to_door_min = retailers.picking.mean_min + retailers.handover_min + settings.drivers.door_min
    if 60 * policy.hours < to_door_min:
        yield (
            f"{key}.hours = {policy.hours:g}: the promise is shorter than the {to_door_min:g} min that picking and the "
            "hand-overs take on average without any driving"
        )
