"""A registry of DOIs on this machine: a real HTTP server that speaks the two routes, well or ill."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evaluation.publications.looking import Registry

CSL = "application/vnd.citationstyles.csl+json"


@dataclass
class Served(ThreadingHTTPServer):
    """The registry: the articles it knows, by DOI, and how it misbehaves."""

    articles: dict[str, Any]
    leads: str = ""
    """Where the metadata are redirected to; {port} is this server's."""
    status: int = 0
    """Answered to everything, where it is not 0."""
    raw: bytes | None = None
    """Answered in place of the metadata."""
    drip: float = 0.0
    """Seconds between the bytes of an answer."""
    headers: dict[str, str] = field(default_factory=dict)
    daemon_threads = True

    def __post_init__(self) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str]] = []

    __hash__ = object.__hash__

    @property
    def registry(self) -> Registry:
        """This server as a registry."""
        return Registry(address=f"http://127.0.0.1:{self.server_port}", private=True, seconds=30)


class Handler(BaseHTTPRequestHandler):
    """Speaks as the proxy of doi.org does."""

    protocol_version = "HTTP/1.1"
    server: Served

    def do_GET(self) -> None:
        """Answer whether a DOI is registered, or with its metadata."""
        served = self.server
        served.seen.append((self.path, self.headers.get("Accept", "")))
        if served.status:
            self.reply(served.status, b"{}")
        elif self.path.startswith("/api/handles/"):
            doi = self.path.removeprefix("/api/handles/")
            known = doi in served.articles
            self.reply(200 if known else 404, json.dumps({"responseCode": 1 if known else 100, "handle": doi}).encode())
        elif served.leads and not self.path.startswith("/metadata/"):
            self.reply(302, b"", {"Location": served.leads.format(port=served.server_port)})
        elif served.raw is not None:
            self.reply(200, served.raw)
        else:
            doi = self.path.removeprefix("/metadata").removeprefix("/")
            self.reply(200, json.dumps(served.articles[doi]).encode(), {"Content-Type": CSL})

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send an answer, byte by byte where it drips."""
        self.send_response(status)
        for name, value in {**(headers or {}), **self.server.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if not self.server.drip:
                self.wfile.write(body)
                return
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(self.server.drip)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(articles: dict[str, Any], **more: Any) -> Iterator[Served]:
    """Serve for as long as the block lasts."""
    server = Served(articles, **more)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
