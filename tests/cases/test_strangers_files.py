"""Files of strangers: bombs, foreign entities, pickles, pipes, loops, damage; an end in bounded time and memory."""

import gzip
import json
import os
import pickle
import subprocess
import sys
from bz2 import compress as bzip
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import build_city
from galleria.models.city import cache as store
from galleria.models.city.build import build_roads
from galleria.models.errors import UsageError
from tests.cases.town import as_csv, as_graphml, as_json, settings_of

SECONDS, BYTES = 10, 1_000_000_000
ZEROS = b"<graphml>" + b" " * 300_000_000


def many_entities() -> bytes:
    """Nest entities tenfold nine times: a billion words from a page."""
    names = "abcdefghi"
    lines = [f'<!ENTITY {u} "{f"&{v};" * 10}">' for v, u in pairwise(names)]
    return f'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "lol">{"".join(lines)}]><graphml>&i;</graphml>'.encode()


def reads_a_file(path: Path) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a SYSTEM "{path.as_uri()}">]><graphml>&a;</graphml>'.encode()


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "gzip bomb": ("t.graphml.gz", lambda: gzip.compress(ZEROS), "more than 200 times its size"),
    "gzip bomb of OSM": ("t.osm.gz", lambda: gzip.compress(ZEROS), "more than 200 times its size"),
    "bzip2 bomb of OSM": ("t.osm.bz2", lambda: bzip(ZEROS), "more than 200 times its size"),
    "gzip bomb of a network": ("t_net.tntp.gz", lambda: gzip.compress(ZEROS), "more than 200 times its size"),
    "XML bomb": ("t.graphml", many_entities, "declares XML entities"),
    "XML bomb in UTF-16": ("t.graphml", lambda: many_entities().decode().encode("utf-16"), "not GraphML"),
    "XML bomb of OSM": ("t.osm", lambda: many_entities().replace(b"graphml>", b"osm>"), "not a readable"),
    "foreign entity": ("t.graphml", lambda: reads_a_file(Path(__file__)), "declares XML entities"),
    "deep XML": (
        "t.graphml",
        lambda: b"<graphml>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</graphml>",
        "no <graph>",
    ),
    "deep JSON": ("t.json", lambda: b"[" * 200_000, "is not JSON"),
    "a pickle": ("t.json", lambda: pickle.dumps({"nodes": []}), "is a Python pickle"),
    "a pickle in gzip": ("t.graphml.gz", lambda: gzip.compress(pickle.dumps([1])), "is a Python pickle"),
    "an array": ("t_net.tntp", lambda: b"\x93NUMPY\x01\0", "no text"),
}


@pytest.mark.parametrize("case", BAD)
def test_bombs_and_disguises_are_one_paragraph(case: str, tmp_path: Path) -> None:
    name, content, expected = BAD[case]
    path = tmp_path / name
    path.write_bytes(content())
    with pytest.raises(UsageError, match=expected) as caught:
        build_roads(settings_of(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


WIDE = {
    "wide": b"u" + b",u" * 20_000_000,
    "wide and empty": b"," * 40_000_000,
    "one long word": b"u,v," + b"x" * 40_000_000,
    "open quote": b'u,v,"' + b"x" * 40_000_000,
}
CHILD = """
import resource, sys, time
from pathlib import Path
from galleria.models.city.readers.csv_text import read_table
from galleria.models.city.readers.graphml import read_graphml
from galleria.models.errors import UsageError
resource.setrlimit(resource.RLIMIT_AS, ({bytes} + 3 * 10**9, {bytes} + 3 * 10**9))
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
path = Path(sys.argv[1])
try:
    read_table(path) if path.suffix == ".csv" else read_graphml(path, None)
except UsageError as error:
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(time.process_time() - began, grown, str(error)[:200])
"""


@pytest.mark.parametrize("case", [*WIDE, "gzip bomb"])
def test_time_and_memory_are_bounded(case: str, tmp_path: Path) -> None:
    path = tmp_path / ("t.graphml" if case == "gzip bomb" else "t.csv")
    path.write_bytes(gzip.compress(ZEROS) if case == "gzip bomb" else WIDE[case])
    code = CHILD.replace("{bytes}", str(BYTES))
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert not done.stderr
    seconds, grown, *_ = done.stdout.split()
    assert float(seconds) < SECONDS
    assert int(grown) < BYTES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have names on POSIX only")
@pytest.mark.parametrize("name", ["t.graphml", "t.osm.pbf", "t_net.tntp", "t.json"])
def test_pipes_are_not_waited_for(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    os.mkfifo(path)
    with pytest.raises(UsageError, match="a pipe, socket or device"):
        build_city(settings_of(path), tmp_path / "cache")
    good = as_graphml(tmp_path, lambda m: {"length": m})
    with pytest.raises(UsageError, match="a pipe, socket or device"):
        build_city(settings_of(good).model_copy(update={"malls": str(path)}), tmp_path / "cache")


def test_loops_of_links_end(tmp_path: Path) -> None:
    for name in ("t.graphml", "t.osm.pbf"):
        (tmp_path / name).symlink_to(tmp_path / name)
        with pytest.raises(UsageError, match=str(tmp_path)):
            build_city(settings_of(tmp_path / name), tmp_path / "cache")
    inner = tmp_path / "folder"
    inner.mkdir()
    (inner / "again").symlink_to(inner)
    with pytest.raises(UsageError, match="holds no file"):
        build_city(settings_of(inner), tmp_path / "cache")


def pbf(path: Path) -> bytes:
    """Write a street of 40 nodes as PBF."""
    osmium = pytest.importorskip("osmium")
    with osmium.SimpleWriter(str(path)) as out:
        for k in range(40):
            out.add_node(osmium.osm.mutable.Node(id=k + 1, location=(-115 + 0.001 * k, 36.0)))
        out.add_way(osmium.osm.mutable.Way(id=1, nodes=list(range(1, 41)), tags={"highway": "residential"}))
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["osm.pbf", "graphml.gz", "json", "csv"])
def test_damage_ends_in_a_paragraph_or_in_roads(kind: str, tmp_path: Path) -> None:
    """Flip a bit or cut, 60 times each: never another exception than the one for users."""
    if kind == "osm.pbf":
        path = tmp_path / "t.osm.pbf"
        whole = pbf(path)
    elif kind == "graphml.gz":
        path = tmp_path / "t.graphml.gz"
        whole = gzip.compress(as_graphml(tmp_path, lambda m: {"length": m}).read_bytes(), mtime=0)
    elif kind == "json":
        path = as_json(tmp_path, [{"source": 1, "target": 2, "length": 5}, {"source": 2, "target": 1}])
        whole = path.read_bytes()
    else:
        path = as_csv(tmp_path, lambda m: {"length_m": m})
        whole = path.read_bytes()
    rng = np.random.default_rng(14)
    refused = several = 0
    for k in range(120):
        held = bytearray(whole)
        at = int(rng.integers(len(held)))
        if k % 2:
            held[at] ^= 1 << int(rng.integers(8))
        else:
            held = held[:at]
        path.write_bytes(held)
        try:
            build_roads(settings_of(path))
        except UsageError as error:
            refused += "\n" not in str(error)
            several += "\n" in str(error)
    assert refused >= 30
    assert not several


class Bomb:
    """What would leave a mark if anything unpickled it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, int]]:
        """Have whoever unpickles this make a folder."""
        return os.mkdir, (str(self.mark), 0o700)


def test_a_poisoned_cache_is_built_again(tmp_path: Path) -> None:
    """A flipped bit, another city's folder, an array that would be unpickled, and a folder of somebody else."""
    path, cache, mark = as_graphml(tmp_path, lambda m: {"length": m}), tmp_path / "cache", tmp_path / "mark"
    settings = settings_of(path)
    city = build_city(settings, cache)
    entry = store.entry_path(cache, city.name, city.key)
    right = city.time.values.tobytes()

    def again() -> bytes:
        return build_city(settings, cache).time.values.tobytes()

    flipped = bytearray((entry / "time.npy").read_bytes())
    flipped[-1] ^= 1
    (entry / "time.npy").write_bytes(flipped)
    assert again() == right

    other = build_city(settings.model_copy(update={"home_places": 3}), cache)
    swapped = store.entry_path(cache, other.name, other.key)
    entry.rename(tmp_path / "away")
    swapped.rename(entry)
    assert again() == right

    np.save(entry / "time.npy", np.array([Bomb(mark)], dtype=object), allow_pickle=True)
    sums = json.loads((entry / "checksums.json").read_text())
    sums["time.npy"] = store._checksum(entry / "time.npy")
    (entry / "checksums.json").write_text(json.dumps(sums))
    assert again() == right
    assert not mark.exists()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_what_another_user_wrote_is_not_read(tmp_path: Path) -> None:
    path, cache = as_graphml(tmp_path, lambda m: {"length": m}), tmp_path / "cache"
    city = build_city(settings_of(path), cache)
    entry = store.entry_path(cache, city.name, city.key)
    os.chown(entry, 12_345, 12_345)
    assert store.entry_path(cache, city.name, city.key) != entry
    about = json.loads((entry / "city.json").read_text())
    (entry / "city.json").write_text(json.dumps(about | {"area_km2": 7}))
    sums = json.loads((entry / "checksums.json").read_text())
    sums["city.json"] = store._checksum(entry / "city.json")
    (entry / "checksums.json").write_text(json.dumps(sums))
    assert build_city(settings_of(path), cache).area_km2 == city.area_km2
