"""Terms: what a courier offers customers and stores today (model 7.2)."""

from dataclasses import dataclass

from agents.customers.sourcing import Source
from agents.kernel.arrays import Floats


@dataclass(frozen=True)
class Terms:
    """What a courier offers customers and stores today.

    Attributes
    ----------
    active
        Whether it takes orders at all.
    serves
        Names of the purposes of occasions for which customers use it, None for all.
    quality_usd
        What customers would pay for it beyond the channel whose constant it has.
    fee_usd, service_rate, markup
        Price of a delivery: fee, and rates on the basket.
    commission, commission_usd
        Rate on the basket and amount per order, paid by the seller.
    tip_usd
        Tip that customers give the driver.
    credit_usd
        What a customer gets back whose parcel is late.
    added_fee_usd, tax_usd
        float64 [n], what policies bring on the fee, and tax on a delivery, for each of the day's occasions.
    source
        Where the goods come from.
    """

    active: bool
    serves: tuple[str, ...] | None
    quality_usd: float
    fee_usd: float
    service_rate: float
    markup: float
    commission: float
    commission_usd: float
    tip_usd: float
    credit_usd: float
    added_fee_usd: Floats
    tax_usd: Floats
    source: Source
