"""Asking OpenStreetMap's servers through OSMnx: politely, again when they are busy, and with words for every answer."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from galleria.models.city.server_settings import ServerSettings
from galleria.models.errors import UsageError

BUSY = frozenset({429, 502, 503, 504})
FILES = "A file needs no server: galleria city get --from FILE (an extract, .osm.pbf), or city.path=FILE for a run."

MIRRORS = "city.servers.overpass=URL, city.servers.nominatim=URL"


class _BusyError(RuntimeError):
    """A server asks to come back; `after_s` is how long it said to wait, if it did."""

    def __init__(self, what: str, after_s: float | None = None) -> None:
        self.after_s = after_s
        super().__init__(what)


class _RefusedError(RuntimeError):
    """A server will answer the same however often it is asked."""


def load_osmnx() -> Any:
    """Import OSMnx.

    Raises
    ------
    UsageError
        When it is not installed.
    """
    try:
        import osmnx  # noqa: PLC0415 (an extra, and slow)
    except ImportError:
        raise UsageError(
            "Downloading from OpenStreetMap needs the package osmnx. Install the extra (pip install 'galleria[osm]'), "
            "or take a file: galleria city get --from FILE, or city.path=FILE for a run."
        ) from None
    return osmnx


@contextmanager
def _at(osmnx: Any, servers: ServerSettings, http: Path) -> Iterator[None]:
    """Point OSMnx to the servers for a while; answers it has had stay in the folder and are not asked for again."""
    wanted = {
        "overpass_url": servers.overpass.removesuffix("/").removesuffix("/interpreter"),
        "nominatim_url": servers.nominatim,
        "requests_timeout": servers.timeout_s,
        "http_user_agent": " ".join(filter(None, (f"galleria/{version('galleria')}", servers.contact))),
        "requests_kwargs": {"hooks": {"response": _look_at}},
        "use_cache": True,
        "cache_folder": http,
    }
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


def _look_at(response: Any, *_: Any, **__: Any) -> None:
    """Stop at an answer that is none, before OSMnx waits for it without end or takes it for a part of the map."""
    host, status = urlparse(response.url).netloc, response.status_code
    if status in BUSY:
        stated = response.headers.get("Retry-After", "")
        what = "too many requests" if status == 429 else "it is overloaded, or the area takes it too long"
        raise _BusyError(f"{host} answered {status} ({what})", float(stated) if stated.isdigit() else None)
    if response.url.endswith("/status"):
        return
    if response.content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise _RefusedError(
            f"{host} answered {status} with a web page in the place of map data. It may be the sign-in page of this "
            "network, or the address is no such server"
        )
    if status >= 400:
        raise _RefusedError(f"{host} answered {status} and refuses the request")
    if b'"remark"' in response.content[-2000:] and b"runtime error" in response.content[-2000:]:
        raise _BusyError(f"{host} stopped in the middle of its answer (out of time or memory)")


def ask[T](
    servers: ServerSettings, http: Path, question: Callable[[Any], T], named: str, say: Callable[[str], None]
) -> T:
    """Ask OSMnx something, and again after a wait that doubles while a server is busy.

    Parameters
    ----------
    servers
        Which servers, how often and how long.
    http
        Folder of answers that were had, which are not asked for again.
    question
        Takes OSMnx.
    named
        What is asked for, for messages.
    say
        Told of waits.

    Raises
    ------
    UsageError
        When no answer is had, or one that is no map.
    """
    osmnx = load_osmnx()
    _look_up(servers.overpass, named)
    wait_s = servers.wait_s
    for attempt in range(1, servers.attempts + 1):
        try:
            with _at(osmnx, servers, http):
                return question(osmnx)
        except (_BusyError, OSError) as error:
            what = str(error) if isinstance(error, _BusyError) else f"the server cannot be reached ({_short(error)})"
            if attempt == servers.attempts:
                raise UsageError(
                    f"{named}: {what}, {servers.attempts} times in a row. Run the same command later, it goes on where "
                    f"it was; or ask another server ({MIRRORS}), or for a smaller area. {FILES}"
                ) from None
            pause_s = max(wait_s, getattr(error, "after_s", None) or 0.0)
            say(f"  {what}; again in {pause_s:g} s ({attempt + 1} of {servers.attempts})")
            time.sleep(min(pause_s, servers.longest_wait_s))
            wait_s *= 2
        except _RefusedError as error:
            raise UsageError(f"{named}: {error}. Check the addresses ({MIRRORS}). {FILES}") from None
        except (ValueError, TypeError) as error:
            raise UsageError(
                f"OpenStreetMap has nothing for {named} ({_short(error)}). Check the spelling of a place and name it "
                f"with its state or country; check that a point is LAT,LON, not swapped. {FILES}"
            ) from None
    raise TypeError("servers.attempts is at least 1")


def _look_up(address: str, named: str) -> None:
    """Stop at once where there is no network, since waiting mends nothing."""
    host = urlparse(address).hostname
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        raise UsageError(
            f"{named} could not be downloaded: there is no network, or no server {host} ({MIRRORS}). {FILES}"
        ) from None


def _short(error: Exception) -> str:
    """Return the first line of an error, without the addresses that follow it."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
