"""Serves an application as an installation would, and asks it over connections that stay open."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.machine import cpu_ms

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    port: int

    def cpu_ms(self) -> float:
        """Return what master and workers have cost so far, in milliseconds of CPU time."""
        return cpu_ms(self.process.pid)


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """Serve `module:app` as bin/demo does, two processes of four threads, and stop it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--threads", "4", "--worker-class", "gthread", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _await(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Visitor:
    """One browser: a connection that stays open, and the headers it sends with every request."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the connection."""
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
        """Ask for a page and return status, headers and body."""
        return self.ask("GET", path, None, headers)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request and return status, headers and body of its answer."""
        self._connection.request(method, path, body, {**self.headers, **headers})
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()

    def close(self) -> None:
        """Close the connection; the next request opens another, before the server tires of an idle one."""
        self._connection.close()


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode} before it answered.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"No server answered on port {port} within 30 seconds.")
