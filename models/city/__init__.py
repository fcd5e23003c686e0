"""Cities: road graphs read or generated, places on them, exact travel tables."""

from galleria.models.city.build import build_city
from galleria.models.city.city import City
from galleria.models.city.places import Places, Site
from galleria.models.city.roads import Roads
from galleria.models.city.settings import CitySettings
from galleria.models.city.tables import TravelTable
from galleria.models.city.zones import Zones

__all__ = ["City", "CitySettings", "Places", "Roads", "Site", "TravelTable", "Zones", "build_city"]
