"""The state of a market, without behaviour: processes take the World, and nobody takes the Market."""

from galleria.models.world.meals import Meals
from galleria.models.world.record import DayRecord
from galleria.models.world.world import Channels, Clock, Memory, World

__all__ = ["Channels", "Clock", "DayRecord", "Meals", "Memory", "World"]
