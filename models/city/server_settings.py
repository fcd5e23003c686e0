"""Which of OpenStreetMap's servers are asked, and how patiently."""

from typing import Annotated

from pydantic import Field

from galleria.agents.kernel.parameters import Parameters


class ServerSettings(Parameters):
    """OpenStreetMap's servers and how they are asked.

    Parameters
    ----------
    overpass, nominatim
        Addresses of an Overpass API and of a Nominatim search, or of their mirrors.
    contact
        Sent with every request, so that the people who run a server can write to you; None sends no address.
    attempts
        How often a busy server is asked.
    wait_s, longest_wait_s
        The first wait between, which doubles, and the longest.
    timeout_s
        How long an answer may take.
    """

    overpass: str
    nominatim: str
    contact: str | None
    attempts: Annotated[int, Field(ge=1, le=20)]
    wait_s: Annotated[float, Field(ge=0, le=600)]
    longest_wait_s: Annotated[float, Field(ge=0, le=3600)]
    timeout_s: Annotated[float, Field(gt=0, le=3600)]
