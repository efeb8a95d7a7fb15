"""What an attacker would want, laid out where only the sandbox keeps it away: everything here is open to every user."""

import os
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

SECRET = "hidden test labels"
KEY = "topsecret-signing-key"
MODEL = b"weights"


@dataclass
class Baits:
    """Files, sockets and secrets of a platform, its own and another team's."""

    folder: Path
    port: int
    open_file: int
    """An inheritable file descriptor of the database."""
    visits: list[object] = field(default_factory=list)
    """Who connected to the port."""

    @property
    def database(self) -> Path:
        """The platform's database."""
        return self.folder / "platform.db"

    @property
    def socket(self) -> Path:
        """A unix socket of the platform."""
        return self.folder / "platform.sock"

    @property
    def mine(self) -> Path:
        """What the attacked run may read."""
        return self.folder / "submissions" / "mine"

    @property
    def theirs(self) -> Path:
        """Another team's files, beside."""
        return self.folder / "submissions" / "theirs"

    def environment(self) -> dict[str, str]:
        """Tell the attacker all that could be known."""
        return {
            "DATABASE": str(self.database), "SOCKET": str(self.socket), "PORT": str(self.port),
            "THEIRS": str(self.theirs), "FOLDER": str(self.folder), "ABSTRACT": self.folder.name,
        }  # fmt: skip


@contextmanager
def laid_out() -> Iterator[Baits]:
    """Lay out the baits in a folder of their own and take them in again."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baits-")))
        folder.chmod(0o755)
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        baits = Baits(folder, server.getsockname()[1], os.open(folder / "platform.db", os.O_RDONLY | os.O_CREAT))
        stack.callback(os.close, baits.open_file)
        os.set_inheritable(baits.open_file, True)
        threading.Thread(target=_answer, args=(server, baits.visits), daemon=True).start()
        for address in (str(baits.socket), f"\0{folder.name}"):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen(5)
        baits.socket.chmod(0o777)
        with sqlite3.connect(baits.database) as database:
            database.execute("CREATE TABLE labels (label TEXT)")
            database.execute("INSERT INTO labels VALUES (?)", (SECRET,))
        database.close()
        for path, content in ((baits.mine, MODEL), (baits.theirs, SECRET.encode())):
            path.mkdir(parents=True)
            (path / "model.bin").write_bytes(content)
        (baits.mine / "beside").symlink_to("../theirs/model.bin")
        (baits.mine / "absolute").symlink_to(baits.database)
        (baits.mine / "evil.pkl").write_bytes(_evil(folder / "broken-out"))
        for path in folder.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o777 if path.is_dir() or path == baits.socket else 0o666)
        stack.enter_context(patch.dict(os.environ, {"PLATFORM_KEY": KEY}))
        yield baits


def _answer(server: socket.socket, visits: list[object]) -> None:
    while True:
        try:
            connection, address = server.accept()
        except OSError:
            return
        visits.append(address)
        connection.close()


def _evil(mark: Path) -> bytes:
    """Write a pickle that runs a command when it is loaded, by hand: protocol 0."""
    command = f"id; touch {mark}; cat {mark.parent}/platform.db"
    return f"cos\nsystem\n(V{command}\ntR.".encode()
