"""Cities: road graphs read or generated, places on them, exact travel tables."""

from models.city.build import build_city
from models.city.city import City
from models.city.places import Places, Site
from models.city.roads import Roads
from models.city.settings import CitySettings
from models.city.tables import TravelTable
from models.city.zones import Zones

__all__ = ["City", "CitySettings", "Places", "Roads", "Site", "TravelTable", "Zones", "build_city"]
