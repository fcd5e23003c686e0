"""Settings of a courier of any kind (model 7.5, 7.7)."""

from typing import Annotated

from pydantic import Field

from galleria.agents.couriers.kinds.gig import GigCourierSettings
from galleria.agents.couriers.kinds.pickup import PickupCourierSettings
from galleria.agents.couriers.kinds.van import VanCourierSettings

__all__ = ["AnyCourierSettings", "CourierSettings", "GigCourierSettings", "PickupCourierSettings", "VanCourierSettings"]

type AnyCourierSettings = GigCourierSettings | VanCourierSettings | PickupCourierSettings
CourierSettings = Annotated[
    GigCourierSettings | VanCourierSettings | PickupCourierSettings, Field(discriminator="fulfilment")
]
