"""Hourly pay: least pay of time, by New York's standard method with its two requirements."""

from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.fee_answer import AnsweredByFee, FeeAnswerSettings
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class HourlyPaySettings(FeeAnswerSettings, PhasedSettings):
    """Least pay, tips apart: of an hour on line as a mean over all drivers, and of each driver's hour on trips."""

    usd_per_h: NonNegative
    usd_per_trip_h: NonNegative


@policy("hourly_pay")
class HourlyPay(AnsweredByFee[HourlyPaySettings], Policy[HourlyPaySettings]):
    """Has couriers top up the day's pay of all drivers to the floor; see `galleria.agents.couriers.top_up`."""

    Settings = HourlyPaySettings

    def hourly_pay(self, usd_per_h: float) -> float:
        """Pay at least the floor."""
        return max(usd_per_h, self.settings.usd_per_h)

    def trip_pay(self, usd_per_h: float) -> float:
        """Pay each driver's time on trips at least so much."""
        return max(usd_per_h, self.settings.usd_per_trip_h)
