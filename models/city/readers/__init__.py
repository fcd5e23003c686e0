"""Readers of road graphs, one file each, found by the file's name or by `city.format`."""

from galleria.models.city.readers.registry import files_of, formats, own_code, read_roads

__all__ = ["files_of", "formats", "own_code", "read_roads"]
