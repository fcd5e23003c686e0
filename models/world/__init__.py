"""The state of a market, without behaviour: processes take the World, and nobody takes the Market."""

from models.world.meals import Meals
from models.world.record import DayRecord
from models.world.world import Channels, Clock, Memory, World

__all__ = ["Channels", "Clock", "DayRecord", "Meals", "Memory", "World"]
