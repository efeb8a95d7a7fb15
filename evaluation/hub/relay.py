"""A relay stands between a sandbox without network and one hub: it asks for one commit of one model, nothing else.

It listens on a unix socket. Only GET of the commit's list and of its files is passed on, with none of the sandbox's
headers but Range; the connection is made out here, to a public address that was judged, and redirects are followed out
here to the hosts that are allowed. What comes back is bounded by what was announced.
"""

import re
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

import httpx

from evaluation.endpoints.addresses import EndpointRefused, Resolver, resolve
from evaluation.endpoints.guarding import Guard
from evaluation.hub.reference import HubReference, HubRefused

LARGEST_LISTING = 32 * 2**20
HOPS = 5
_RANGE = re.compile(r"bytes=([0-9]{1,16})-([0-9]{1,16})")
_HANDED_ON = ("Content-Type", "Content-Range", "ETag", "X-Repo-Commit", "X-Linked-Size", "X-Linked-Etag")


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Where a hub is, to which hosts it may redirect (each with all below it), and whether it may be on this machine.

    `private` allows http and addresses that are not public; it is for tests, and for a mirror in one's own house.
    """

    endpoint: str = "https://huggingface.co"
    hosts: tuple[str, ...] = ("huggingface.co", "hf.co")
    private: bool = False


@dataclass
class Relay:
    """What is passed on, and the first reason for which something was not."""

    hub: Hub
    reference: HubReference
    resolver: Resolver = resolve
    sizes: Mapping[str, int] = field(default_factory=dict)
    """The files that may be asked for, by name, with their sizes in bytes."""
    refused: str = ""
    seconds: float = 120

    def way(self, path: str, wanted: str) -> "Way":
        """Say where a request of the sandbox leads, given its path and its header Range; raises HubRefused."""
        listing = f"/api/models/{self.reference.repo}/revision/{self.reference.commit}"
        files = f"/{self.reference.repo}/resolve/{self.reference.commit}/"
        base = httpx.URL(self.hub.endpoint)
        above = base.path.rstrip("/")
        way, _, query = path.partition("?")
        if way == listing:
            return Way(base.copy_with(raw_path=f"{above}{listing}?blobs=true".encode()), LARGEST_LISTING)
        name = unquote(way.removeprefix(files))
        if not way.startswith(files) or query or name not in self.sizes:
            raise HubRefused("something was asked for that is no part of the model.")
        size = self.sizes[name]
        bounds = _RANGE.fullmatch(wanted)
        first, last = (int(bounds[1]), int(bounds[2])) if bounds else (0, size - 1)
        if (wanted and not bounds) or not first <= last < size:
            raise HubRefused(f"{name}: more was asked for than it holds.")
        return Way(base.copy_with(raw_path=f"{above}{way}".encode()), last - first + 1, name, size, wanted)

    @contextmanager
    def answer(self, way: "Way") -> Iterator[httpx.Response]:
        """Ask, follow redirects, and yield the answer, its body unread; raises HubRefused or httpx.HTTPError."""
        url, named = way.url, not way.file
        for _ in range(HOPS):
            with self._sent(url, {"Range": way.range} if way.range else {}) as response:
                named = self._check_named(way, response) or named
                if response.is_redirect and "Location" in response.headers:
                    url = url.join(response.headers["Location"])
                    continue
                if response.is_success:
                    _check_size(way, response)
                    if not named:
                        raise HubRefused(f"{way.file}: the hub does not say of which commit it is.")
                yield response
                return
        raise HubRefused(f"the hub redirects more than {HOPS} times.")

    def _check_named(self, way: "Way", response: httpx.Response) -> bool:
        """Say whether an answer names the commit; raises HubRefused where it names another, or another size."""
        told = response.headers
        commit, size = told.get("X-Repo-Commit"), told.get("X-Linked-Size")
        if commit is not None and commit != self.reference.commit:
            raise HubRefused(f"{way.file}: the hub answers for the commit {commit[:60]!r}, which was not asked.")
        if way.file and size is not None and size != str(way.size):
            raise HubRefused(f"{way.file}: the hub announced {way.size:,} bytes, and now {size[:20]}.")
        return commit is not None

    @contextmanager
    def _sent(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        guard = Guard(
            own=httpx.URL(self.hub.endpoint).host,
            hosts=self.hub.hosts,
            private=self.hub.private,
            resolver=self.resolver,
            seconds=self.seconds,
        )
        try:
            with guard.get(url, headers) as response:
                yield response
        except EndpointRefused as error:
            raise HubRefused(f"the hub {error}") from error


@dataclass(frozen=True)
class Way:
    """Where a request leads, how many bytes may come back, and of which file and its size; no file for the list."""

    url: httpx.URL
    most: int
    file: str = ""
    size: int = 0
    range: str = ""


def _check_size(way: Way, response: httpx.Response) -> None:
    told = response.headers
    if way.range and response.status_code != 206:
        raise HubRefused(f"{way.file}: the hub sends no part of it where one is asked for.")
    length, total = told.get("Content-Length", ""), told.get("Content-Range", "").rpartition("/")[2]
    if length.isdigit() and int(length) > way.most:
        raise HubRefused(f"{way.file}: the hub sends {int(length):,} bytes where it announced {way.most:,}.")
    if way.range and total.isdigit() and int(total) != way.size:
        raise HubRefused(f"{way.file}: the hub announced {way.size:,} bytes, and now {int(total):,}.")


class _Handler(BaseHTTPRequestHandler):
    """Passes one request of the sandbox on."""

    server: "_Server"

    def do_GET(self) -> None:
        """Answer with what the hub says, or with 502 and the reason kept."""
        relay = self.server.relay
        self.begun = False
        try:
            way = relay.way(self.path, self.headers.get("Range", ""))
            with relay.answer(way) as response:
                self._hand_on(response, way)
        except HubRefused as error:
            relay.refused = relay.refused or str(error)
            self._no(403)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError):
            self._no(502)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _hand_on(self, response: httpx.Response, way: Way) -> None:
        self.send_response(response.status_code)
        for name in _HANDED_ON:
            if name in response.headers:
                self.send_header(name, response.headers[name])
        if response.headers.get("Content-Length", "").isdigit():
            self.send_header("Content-Length", response.headers["Content-Length"])
        self.end_headers()
        self.begun = True
        sent = 0
        for piece in response.iter_raw(1 << 20):
            sent += len(piece)
            if sent > way.most:
                raise HubRefused(f"{way.file}: the hub sends more than the {way.most:,} bytes that it announced.")
            self.wfile.write(piece)

    def _no(self, status: int) -> None:
        """Answer with a failure, unless an answer has begun: then break off."""
        self.close_connection = True
        if not self.begun:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: Path, relay: Relay) -> None:
        self.relay = relay
        super().__init__(str(path), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: the sandbox sees a broken connection."""


@contextmanager
def relaying(relay: Relay, socket: Path) -> Iterator[None]:
    """Listen on a socket for as long as the block lasts."""
    server = _Server(socket, relay)
    socket.chmod(0o666)  # the sandbox is another user
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
