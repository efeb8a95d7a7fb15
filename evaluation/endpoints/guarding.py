"""A file is asked for at a host that is allowed, at a public address that was judged, and nowhere else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from evaluation.endpoints.addresses import EndpointRefused, HostUnknown, Resolver, address_of, resolve
from evaluation.version import ENGINE_VERSION


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Which hosts may be asked: a place's own, and those it may lead to, each with all below it."""

    own: str
    hosts: tuple[str, ...]
    private: bool = False
    """Allows http, and of the own host addresses that are not public; for tests, and for a mirror in one's house."""
    resolver: Resolver = resolve
    seconds: float = 120
    """How long the other side may be silent."""

    @contextmanager
    def get(self, url: httpx.URL, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Ask once, and yield the answer with its body unread; redirects are the caller's to follow, through here.

        Raises EndpointRefused, whose text wants its subject, for what is not allowed or compressed; httpx.HTTPError
        where nobody answers or the host's name cannot be resolved.
        """
        host = url.host.rstrip(".").lower()
        if url.scheme != "https" and not (self.private and url.scheme == "http"):
            raise EndpointRefused(f"leads to {url.scheme}://{host[:80]}, which is not https.")
        if host != self.own and not any(host == one or host.endswith(f".{one}") for one in self.hosts):
            raise EndpointRefused(f"leads to the host {host[:80]!r}, which is not allowed.")
        port = url.port or {"https": 443, "http": 80}[url.scheme]
        try:
            # a private place is one host; where it leads to is judged all the same
            address = address_of(host, port, private=self.private and host == self.own, resolver=self.resolver)
        except HostUnknown as error:
            raise httpx.ConnectError(str(error)) from error  # the name stands: whoever resolves it is away
        except EndpointRefused as error:
            raise EndpointRefused(f"leads elsewhere: {error}") from error
        sent = {**headers, "Host": url.netloc.decode(), "User-Agent": f"evaluation/{ENGINE_VERSION}"}
        sent |= {"Accept-Encoding": "identity"}  # a small body must not become a large one
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=self.seconds) as client,
            client.stream(
                "GET", url.copy_with(host=address), headers=sent, extensions={"sni_hostname": host}
            ) as response,
        ):
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise EndpointRefused("sends what it has compressed.")
            yield response
