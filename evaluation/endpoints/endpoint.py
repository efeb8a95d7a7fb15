"""An endpoint: where a model answers, under which name, and with which key; and which hosts may be asked at all."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

import httpx

from evaluation.endpoints.addresses import EndpointRefused

_KEY = re.compile(r"[\x21-\x7e]{8,4096}")
_SHORTEST_KEY = 8


class Route(StrEnum):
    """By which path texts are generated; choices are always scored by completions."""

    CHAT = "chat/completions"
    COMPLETIONS = "completions"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Which endpoints may be asked: the hosts by name, without a port.

    `plain_http` and `private` drop the guards of the connection and of the address; they are for tests on one machine.
    """

    hosts: frozenset[str]
    plain_http: bool = False
    private: bool = False


@dataclass(frozen=True)
class Endpoint:
    """One model behind an OpenAI-compatible address such as `https://host/v1`.

    The key is in no representation of the object. `top_p`, `temperature` and `seed` are sent as they are; a seed that
    is `None` is not sent, as some servers know none. Raises EndpointRefused for an address or a key that is none.
    """

    url: str
    model: str
    key: str = field(repr=False)
    route: Route = Route.CHAT
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = 0

    def __post_init__(self) -> None:
        """Check what was given; no sentence repeats the key."""
        parsed(self.url)
        if not _KEY.fullmatch(self.key):
            raise EndpointRefused(
                f"the key must have {_SHORTEST_KEY} to 4,096 characters of ASCII, without blanks. Copy it anew."
            )
        if not self.model or len(self.model) > 200 or not self.model.isprintable():
            raise EndpointRefused("the model needs a name of 1 to 200 printable characters.")

    def hide(self, text: str) -> str:
        """Strike the key from a text that came from elsewhere."""
        return text.replace(self.key, "[key]")


def parsed(url: str) -> httpx.URL:
    """Parse the address of an endpoint; raises EndpointRefused for one with more, or less, than host, port and path."""
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise EndpointRefused("the address of the endpoint is no URL. Give one such as https://host/v1.") from error
    if found.userinfo or "@" in url:
        raise EndpointRefused("the address of the endpoint holds a name or a password. Give the key apart from it.")
    if found.scheme not in {"http", "https"} or not found.host:
        raise EndpointRefused("the address of the endpoint must begin with https:// and name a host.")
    if found.port is not None and not 0 < found.port < 65_536:
        raise EndpointRefused("the port in the address of the endpoint is none.")
    if found.query or found.fragment or "?" in url or "#" in url or "/.." in url:
        raise EndpointRefused("the address of the endpoint must end with its path, such as /v1.")
    return found


def checked(endpoint: Endpoint, reach: Reach) -> httpx.URL:
    """Give the parsed address of an endpoint; raises EndpointRefused unless it is within reach."""
    url = parsed(endpoint.url)
    if url.scheme != "https" and not reach.plain_http:
        raise EndpointRefused(
            "the address of the endpoint must begin with https://, or the key could be read on the way."
        )
    host = url.host.rstrip(".").lower()
    if host not in {allowed.rstrip(".").lower() for allowed in reach.hosts}:
        raise EndpointRefused(f"the host {host!r} is not on the list of hosts that may be asked. Have it added.")
    return url
