"""A real HTTP server in a thread that answers as an OpenAI-compatible endpoint, and breaks as it is told to."""

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evaluation.endpoints import Answer, Answers, Choices, Endpoint, Reach, Request

KEY = "sk-test-5f0c2a7d9e41"
MODEL = "tiny-1"


@dataclass
class Seen:
    """One request as the server saw it."""

    path: str
    body: bytes
    headers: dict[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def prompt(self) -> str:
        """The prompt of a generation."""
        data = self.data
        return str(data["messages"][-1]["content"] if "messages" in data else data["prompt"])


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the behaviour that a test set."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Served"

    def do_POST(self) -> None:
        """Take the request in and answer it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        seen = Seen(self.path, body, {name.lower(): value for name, value in self.headers.items()})
        with self.server.lock:
            self.server.seen.append(seen)
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
            number = len(self.server.seen)
        try:
            self.server.behave(Call(self, seen, number))
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    def do_GET(self) -> None:
        """Note that something followed a redirect; nothing ever should."""
        self.server.seen.append(Seen(f"GET {self.path}", b"", {}))
        self.reply(b"{}")

    def reply(self, body: bytes | dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass
class Call:
    """One request that a behaviour is to answer: by which handler, what was asked, and its number, from 1."""

    handler: Handler
    seen: Seen
    number: int

    def begin(self, length: int) -> None:
        """Announce a body of so many bytes and send none of it."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Length", str(length))
        self.handler.end_headers()


Behaviour = Callable[[Call], None]


class Served(ThreadingHTTPServer):
    """The server, what it has seen, and how it behaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.seen: list[Seen] = []
        self.at_once = 0
        self.most_at_once = 0
        self.behave: Behaviour = well
        self.release = threading.Event()
        """What a behaviour that hangs waits for; set when the server is closed."""

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint that this server is."""
        return Endpoint(f"http://127.0.0.1:{self.server_port}/v1", MODEL, KEY)


@contextmanager
def served() -> Iterator[Served]:
    """Run a server for as long as the block lasts."""
    server = Served()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


REACH = Reach(hosts=frozenset({"127.0.0.1"}), plain_http=True, private=True)


@dataclass
class FakeClock:
    """A clock that does not wait: its time passes only where somebody waits for it."""

    now: float = 1000.0
    since_1970: float = 1_800_000_000.0
    waits: list[float] = field(default_factory=list)

    def passed(self) -> float:
        """Give the time."""
        return self.now

    def date(self) -> float:
        """Give the time of day."""
        return self.since_1970 + self.now

    async def wait(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.waits.append(seconds)
        self.now += seconds


def chat(content: str | None, **changes: Any) -> dict[str, Any]:
    """Make the body of a chat's answer."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    body = {"model": MODEL, "system_fingerprint": "fp-1", "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    return body | {"choices": [choice | changes.pop("choice", {})]} | changes


def tokens(text: str) -> list[tuple[int, str]]:
    """Cut a text before each blank; gives the offset of each token, too."""
    return [(match.start(), match.group()) for match in re.finditer(r" ?[^ ]+|^ $| $", text)]


def logprob(token: str) -> float:
    """Make up the log-probability of a token."""
    return -len(token) / 4


def scored(seen: Seen) -> dict[str, Any]:
    """Make the body of an answer with the log-probabilities of an echo and of one token more."""
    choices = []
    for place, text in enumerate(seen.data["prompt"]):
        cut = [*tokens(text), (len(text), " more")]
        values = [None, *(logprob(token) for _, token in cut[1:])]
        logprobs = {"tokens": [t for _, t in cut], "token_logprobs": values, "text_offset": [o for o, _ in cut]}
        choices.append({"index": place, "text": text + " more", "logprobs": logprobs, "finish_reason": "length"})
    usage = {"prompt_tokens": 5, "completion_tokens": 1}
    return {"model": MODEL, "system_fingerprint": "fp-1", "choices": choices[::-1], "usage": usage}


def well(call: Call) -> None:
    """Answer as an endpoint should: a chat with its prompt turned round, choices with their log-probabilities."""
    seen = call.seen
    if seen.path == "/v1/chat/completions":
        call.handler.reply(chat(seen.prompt[::-1]))
    elif seen.data.get("echo"):
        call.handler.reply(scored(seen))
    else:
        body = chat(None)
        call.handler.reply(body | {"choices": [{"index": 0, "text": seen.prompt[::-1], "finish_reason": "stop"}]})


def first(times: int, broken: Behaviour) -> Behaviour:
    """Break so many times, and then answer well."""
    return lambda call: (broken if call.number <= times else well)(call)


def status(code: int, body: bytes = b"{}", **headers: str) -> Behaviour:
    """Answer with a status."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda call: call.handler.reply(body, status=code, headers=given)


def says(body: bytes | dict[str, Any]) -> Behaviour:
    """Answer with a body."""
    return lambda call: call.handler.reply(body)


def hangs(call: Call) -> None:
    """Say nothing until the server is closed, or for ten seconds."""
    call.handler.server.release.wait(10)


CHOICES: list[Request] = [Choices("c", "One two", (" three", " four"))]


def only(found: Answers) -> Answer:
    """Give the one answer of a run."""
    (answer,) = found.answers
    return answer
