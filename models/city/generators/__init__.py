"""Cities made by rule, for questions that need no particular place and for verification."""

from galleria.models.city.generators.grid import grid, torus, toy
from galleria.models.city.generators.sunbelt import sunbelt

__all__ = ["grid", "sunbelt", "torus", "toy"]
