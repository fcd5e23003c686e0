"""Stores, warehouses and restaurants of an OpenStreetMap extract, found by their tags."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from galleria.models.city.features import Feature, FeatureTags, footprint_m2, kind_of
from galleria.models.errors import UsageError


def read_features(path: Path, wanted: FeatureTags) -> list[Feature]:
    """Read the features of an extract: mapped as a point, or as an area, of which the middle of its box counts.

    Raises
    ------
    UsageError
        Without osmium, or when the file is no extract.
    """
    try:
        import osmium  # noqa: PLC0415 (only needed here, and only with the osm extra)
    except ImportError:
        raise UsageError(
            f"Reading {path} needs the package osmium. Install the extra (pip install 'galleria[osm]')."
        ) from None
    keys = sorted({key for tags in wanted.values() for key in tags})
    by_key = osmium.filter.KeyFilter(*keys)
    try:
        found = osmium.FileProcessor(str(path)).with_areas(by_key).with_filter(by_key)
        return list(_features(found, osmium.osm, wanted))
    except (RuntimeError, ValueError, MemoryError, OverflowError) as error:  # a damaged file ends in any of them
        raise UsageError(
            f"{path} is not a readable OpenStreetMap extract ({error}). Download it again; the file may be cut short "
            "or of another format."
        ) from None


def _features(found: Any, kinds: Any, wanted: FeatureTags) -> Iterator[Feature]:
    for each in found:
        tags: Mapping[str, str] = {tag.k: tag.v for tag in each.tags}
        kind = kind_of(tags, wanted)
        if kind is None:
            continue
        if isinstance(each, kinds.Node) and each.location.valid():
            yield Feature(kind, tags.get("name", ""), each.lon, each.lat, 0.0, f"node/{each.id}")
        elif isinstance(each, kinds.Area):
            rings = [[(n.lon, n.lat) for n in ring if n.location.valid()] for ring in each.outer_rings()]
            points = [point for ring in rings for point in ring]
            if points:
                lon, lat = ([point[axis] for point in points] for axis in (0, 1))
                yield Feature(
                    kind,
                    tags.get("name", ""),
                    (min(lon) + max(lon)) / 2,
                    (min(lat) + max(lat)) / 2,
                    footprint_m2(rings),
                    f"{'way' if each.from_way() else 'relation'}/{each.orig_id()}",
                )


def made_on(path: Path) -> str:
    """Return the day an extract says it stands for, from its header; empty where it says none."""
    try:
        import osmium  # noqa: PLC0415 (only needed here, and only with the osm extra)

        return str(osmium.io.Reader(str(path)).header().get("osmosis_replication_timestamp", ""))[:10]
    except (ImportError, RuntimeError):
        return ""
