"""Readers of road graphs, one file each, found by the file's name or by `city.format`."""

from models.city.readers.registry import formats, read_roads

__all__ = ["formats", "read_roads"]
