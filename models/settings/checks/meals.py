"""Meals: who is to carry them, and what they are not told apart from."""

from collections.abc import Iterator

from galleria.agents.couriers.settings import GigCourierSettings
from galleria.models.settings.tree import Settings


def wrong_meals(settings: Settings) -> list[str]:
    """List why nobody could carry the meals, and what does not know of them."""
    return list(_problems(settings))


def _problems(settings: Settings) -> Iterator[str]:
    meals, couriers = settings.meals, settings.couriers
    if meals is None:
        return
    for name in meals.couriers or {}:
        if not isinstance(couriers.get(name), GigCourierSettings):
            yield f"meals.couriers.{name}: there is no courier of that name with gig drivers"
    carriers = [name for name, weight in meals.weights(couriers).items() if weight > 0]
    if not carriers:
        yield "meals: no courier with gig drivers carries them; name one in meals.couriers"
    for name in carriers:
        courier = couriers[name]
        if isinstance(courier, GigCourierSettings) and not courier.paid_by_offer:
            yield (
                f"meals with couriers.{name}.contract.kind = {courier.contract.kind}: drivers are hired for the "
                "courier's other orders alone; let other couriers carry the meals, see meals.couriers"
            )
    if settings.strategy.pay is not None:
        yield "meals with strategy.pay: couriers would set base pay as if their drivers had nothing else to carry"
