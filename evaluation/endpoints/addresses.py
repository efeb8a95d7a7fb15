"""Which addresses of the Internet an endpoint may have: public ones, in no form that stands for another address.

After the special-purpose registries of IANA (RFC 6890), with what clouds put on public addresses of their own. The name
of an endpoint is resolved once, every address it has is judged, and the connection is made to one that was judged: a
second answer of the name server changes nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence

Resolver = Callable[[str, int], Sequence[str]]

_IPV4 = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3", "168.63.129.16/32",
    )
]  # fmt: skip
"""The last is where Azure answers virtual machines; 169.254.169.254 and 100.100.100.200 are in the ranges above."""
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_IPV6 = [
    ipaddress.ip_network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
]
"""Within 2000::/3: Teredo and the like, documentation (twice), 6to4, AS112. NAT64 and mapped ones lie outside."""


class EndpointRefused(ValueError):
    """An endpoint must not be asked: its address, or what was given for it, is not allowed."""


class HostUnknown(EndpointRefused):
    """A host has no address: its name is wrong, or whoever could tell is away."""


def is_public(address: str) -> bool:
    """Say whether an address in numbers is one of the public Internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _IPV4) and found.is_global
    if found.scope_id is not None or found not in _GLOBAL_IPV6:
        return False
    return not any(found in network for network in _IPV6) and found.is_global


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host; raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def address_of(host: str, port: int, *, private: bool, resolver: Resolver) -> str:
    """Resolve a host once and give the address to connect to.

    Raises HostUnknown where the host has no address, EndpointRefused where any of its addresses is not public.
    `private` allows all addresses; it is for tests on one machine.
    """
    try:
        addresses = list(resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise HostUnknown(f"the host {host!r} cannot be resolved. Check its name.") from error
    if not addresses:
        raise HostUnknown(f"the host {host!r} has no address. Check its name.")
    for address in addresses:
        if not private and not is_public(address):
            raise EndpointRefused(
                f"the host {host!r} has the address {address}, which is not a public one. Give a public endpoint."
            )
    return addresses[0]
