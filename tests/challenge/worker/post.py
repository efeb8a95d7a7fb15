"""A mail server for tests: speaks SMTP on a port of its own, keeps what it takes, and refuses whom it is told to."""

import email
import email.policy
import socketserver
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Self


@dataclass
class PostOffice:
    """What a mail server took, in order, and whom it takes nothing for; use it in a `with` block."""

    refused: dict[str, str] = field(default_factory=dict)
    """The answer to letters for an address, such as `550 nobody here`."""
    hangs_up_on: str = ""
    """An address at whose name the server breaks the connection off."""
    farewell: str = "221 bye"
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """Address and letter."""
    calls: int = 0
    """How often somebody connected."""

    def __enter__(self) -> Self:
        office = self

        class Counter(_Counter):
            post = office

        self._server = _Server(("127.0.0.1", 0), Counter)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def address(self) -> str:
        """Host and port, as the setting wants them."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def subjects(self) -> list[str]:
        """The subjects of the letters that were taken."""
        return [str(letter["Subject"]) for _, letter in self.taken]

    def take(self, address: str, raw: bytes) -> None:
        """Keep a letter."""
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.taken.append((address, letter))


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Counter(socketserver.StreamRequestHandler):
    """Serves one connection."""

    post: PostOffice

    def handle(self) -> None:
        self.post.calls += 1
        self._say("220 test post office")
        address = ""
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb = line.split(" ", 1)[0].upper()
            if verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                if address == self.post.hangs_up_on:
                    return
                self._say(self.post.refused.get(address, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                self.post.take(address, self._letter())
                self._say("250 taken")
            elif verb == "QUIT":
                self._say(self.post.farewell)
                return
            else:
                self._say("250 ok")

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines).replace(b"\r\n", b"\n")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
