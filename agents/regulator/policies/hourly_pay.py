"""Hourly pay: a least mean pay of the time on line, waiting included (New York's standard method)."""

from agents.kernel.parameters import NonNegative
from agents.regulator.policy import PhasedSettings, Policy, policy


class HourlyPaySettings(PhasedSettings):
    """Least pay, tips apart, of an hour on line, as a mean over all drivers."""

    usd_per_h: NonNegative


@policy("hourly_pay")
class HourlyPay(Policy[HourlyPaySettings]):
    """Has couriers top up the day's pay of all drivers to the floor; see `agents.couriers.top_up`."""

    Settings = HourlyPaySettings

    def hourly_pay(self, usd_per_h: float) -> float:
        """Pay at least the floor."""
        return max(usd_per_h, self.settings.usd_per_h)
