"""The connection goes to one address, whatever the name server says later; name and certificate stay the host's."""

import ssl

import certifi
import httpx


class PinnedTransport(httpx.AsyncBaseTransport):
    """Sends requests for one origin to one address, with the host's name in the request and in the TLS handshake."""

    def __init__(self, origin: httpx.URL, address: str, *, trust: ssl.SSLContext | None, connections: int) -> None:
        """Prepare for an origin (scheme, host, port); `trust` replaces the certificates of certifi in tests."""
        self._origin = _origin(origin)
        self._address = address
        self._inner = httpx.AsyncHTTPTransport(
            verify=trust or ssl.create_default_context(cafile=certifi.where()),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            trust_env=False,
            retries=0,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the address; raises httpx.UnsupportedProtocol for any other origin."""
        if _origin(request.url) != self._origin:
            raise httpx.UnsupportedProtocol("this transport serves one origin alone", request=request)
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=self._address),
            headers=request.headers,  # with the Host of the original address
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": self._origin[1]},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
