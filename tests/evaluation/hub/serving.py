"""A hub on this machine: a real HTTP server that speaks the few routes, well or ill."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from evaluation.hub import Hub

REPO = "a-team/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Served(ThreadingHTTPServer):
    """The hub: its files, which of them lie in large-file storage, and how it misbehaves."""

    files: dict[str, bytes]
    large: frozenset[str] = frozenset()
    listed: dict[str, Any] = field(default_factory=dict)
    """Changes of the list's entries, by file."""
    commit: str = COMMIT
    named: str = COMMIT
    leads: str = ""
    """Where large files are redirected to; else to this server."""
    more: bytes = b""
    """Sent after a file's own bytes."""
    spoil: Callable[[bytes], bytes] = bytes
    ranges: bool = True
    break_off: int = 0
    """How many answers are broken off half-way before all is well."""
    port: int = 0
    """Where it listens; 0 for wherever there is room."""
    daemon_threads = True

    def __post_init__(self) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", self.port), Handler)
        self.seen: list[tuple[str, str, dict[str, str]]] = []

    __hash__ = object.__hash__

    @property
    def hub(self) -> Hub:
        """This server as a hub."""
        return Hub(endpoint=f"http://127.0.0.1:{self.server_port}", private=True)

    def listing(self) -> dict[str, Any]:
        """Say what the commit holds."""
        siblings = []
        for name, content in self.files.items():
            entry: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": blob(content)}
            if name in self.large:
                sha256 = hashlib.sha256(content).hexdigest()
                entry |= {"blobId": "9" * 40, "lfs": {"sha256": sha256, "size": len(content), "pointerSize": 130}}
            siblings.append({**entry, **self.listed.get(name, {})})
        return {"_id": "1", "id": REPO, "modelId": REPO, "sha": self.commit, "siblings": siblings, "tags": []}


class Handler(BaseHTTPRequestHandler):
    """Speaks as a hub does."""

    protocol_version = "HTTP/1.1"
    server: Served

    def do_GET(self) -> None:
        """Answer the list, a file, or a file in large-file storage."""
        hub = self.server
        hub.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        path, _, _ = self.path.partition("?")
        if path == f"/api/models/{REPO}/revision/{COMMIT}":
            self.reply(200, json.dumps(hub.listing()).encode(), {"Content-Type": "application/json"})
            return
        files, storage = f"/{REPO}/resolve/{COMMIT}/", "/storage/"
        if path.startswith(storage):
            self.file(unquote(path.removeprefix(storage)), {})
            return
        name = unquote(path.removeprefix(files))
        if not path.startswith(files) or name not in hub.files:
            self.reply(404, b"{}", {"X-Error-Code": "EntryNotFound"})
            return
        headers = {"X-Repo-Commit": hub.named, "ETag": f'"{blob(hub.files[name])}"'}
        if name in hub.large:
            place = hub.leads or f"http://127.0.0.1:{hub.server_port}/storage/{name}"
            size = str(hub.listed.get(name, {}).get("linked", len(hub.files[name])))
            self.reply(302, b"", {**headers, "X-Linked-Size": size, "Location": place})
        else:
            self.file(name, headers)

    def file(self, name: str, headers: dict[str, str]) -> None:
        """Send a file or a part of it."""
        hub = self.server
        content = hub.spoil(hub.files[name])
        wanted = self.headers.get("Range", "")
        status = 200
        if wanted and hub.ranges:
            first, last = map(int, wanted.removeprefix("bytes=").split("-"))
            headers = {**headers, "Content-Range": f"bytes {first}-{last}/{len(content)}"}
            content, status = content[first : last + 1], 206
        if hub.break_off:
            hub.break_off -= 1
            self.reply(status, content[: len(content) // 2], {**headers, "Content-Length": str(len(content))})
            self.close_connection = True
            return
        self.reply(status, content + hub.more, headers)

    def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def blob(content: bytes) -> str:
    """Hash bytes as git does."""
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()


@contextmanager
def served(files: dict[str, bytes], **more: Any) -> Iterator[Served]:
    """Run a hub for as long as the block lasts."""
    hub = Served(files, **more)
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()
