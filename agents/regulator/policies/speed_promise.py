"""Promises of speed: gig couriers must promise a time from order to door, and pay customers back when late."""

from typing import Annotated

from pydantic import Field

from galleria.agents.couriers.quotes import PromiseSettings
from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.policy import Policy, ScheduledSettings, policy


class SpeedPromiseSettings(ScheduledSettings):
    """The promise, and the credit for a parcel that comes later."""

    hours: Annotated[float, Field(gt=0, le=24)]
    credit_usd: NonNegative


@policy("speed_promise")
class SpeedPromise(Policy[SpeedPromiseSettings]):
    """Puts a promise in the place of the quote."""

    Settings = SpeedPromiseSettings

    def promise(self, promise: PromiseSettings) -> PromiseSettings:
        """Promise these hours; a courier that promises fewer already keeps its own, and the higher credit counts."""
        return PromiseSettings(
            hours=self.settings.hours if promise.hours is None else min(promise.hours, self.settings.hours),
            credit_usd=max(promise.credit_usd, self.settings.credit_usd),
        )
