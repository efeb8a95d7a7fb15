"""The attacks are worth something: with a wall taken down on purpose they break through."""

import os
import struct
from collections.abc import Callable

import pytest

from evaluation.sandbox import command, layers
from tests.evaluation.sandbox.assault import judged
from tests.evaluation.sandbox.attacks import ATTACKS
from tests.evaluation.sandbox.baits import laid_out

Damage = Callable[[pytest.MonkeyPatch], None]
OPTIONS = command._options
LET_EVERYTHING_PASS = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
WITHOUT_NETWORK = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"]


def _with_options(change: Callable[[list[str]], list[str]]) -> Damage:
    def damage(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(command, "_options", lambda *given: change(OPTIONS(*given)))

    return damage


def _without(options: list[str], *gone: str) -> list[str]:
    place = next(at for at in range(len(options)) if options[at : at + len(gone)] == list(gone))
    return options[:place] + options[place + len(gone) :]


DAMAGES: dict[str, tuple[Damage, str]] = {
    "no filter": (lambda patch: patch.setattr(command, "programme", lambda: LET_EVERYTHING_PASS), "system calls"),
    "no filter of sockets": (
        lambda patch: patch.setattr(command, "programme", lambda: LET_EVERYTHING_PASS),
        "network and sockets",
    ),
    "the host's network": (
        _with_options(lambda options: [*WITHOUT_NETWORK, *_without(options, "--unshare-all")]),
        "network and sockets",
    ),
    "the host's files": (_with_options(lambda options: [*options, "--bind", "/tmp", "/tmp"]), "the platform's files"),
    "links that lead out": (
        _with_options(lambda options: [*options, "--bind", "/tmp", "/tmp"]),
        "another team's files",
    ),
    "an input that can be written": (
        _with_options(lambda options: ["--bind" if word == "--ro-bind" else word for word in options]),
        "writing elsewhere",
    ),
    "a root that can be written": (
        _with_options(lambda options: _without(options, "--remount-ro", "/")),
        "every folder filled",
    ),
    "devices that can be written": (
        _with_options(lambda options: _without(options, "--remount-ro", "/dev")),
        "every folder filled",
    ),
    "links followed": (lambda patch: patch.setattr(os, "O_NOFOLLOW", 0), "links and devices"),
    "words not waited for": (
        lambda patch: patch.setattr(command, "FIRST_PROCESS", 'echo ready; "$@"'),
        "inherited secrets",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.usefixtures("sandboxed")
def test_a_wall_taken_down_is_noticed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    damage, attack = DAMAGES[name]
    assert layers().why_not_untrusted() is None
    with laid_out() as baits:
        assert judged(ATTACKS[attack], baits) == ""
        damage(monkeypatch)
        assert judged(ATTACKS[attack], baits) != ""
