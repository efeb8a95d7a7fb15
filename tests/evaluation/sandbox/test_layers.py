"""A machine says what it can hold; without a wall that matters nothing is run there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.commands import main
from evaluation.sandbox import Kind, LayerMissing, Layers, layers, run, why_not_untrusted
from evaluation.sandbox.layers import NOT_HELD

HERE = "evaluation.sandbox.trial"


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Have the layers tried anew, before and after."""
    layers.cache_clear()
    yield
    layers.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_without_bubblewrap_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("unshare", "setpriv", "prlimit"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(f"{HERE}.PATH", str(tmp_path))
    with pytest.raises(LayerMissing, match=r"bwrap is missing\. Install it: apt-get install bubblewrap"):
        run(["/bin/true"])
    assert main(["sandbox"]) == 1
    assert "apt-get install bubblewrap" in capsys.readouterr().out


@pytest.mark.usefixtures("forgotten")
def test_without_a_filter_of_system_calls_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{HERE}.is_supported", lambda: False)
    if layers().trouble:
        pytest.skip(layers().trouble)
    with pytest.raises(LayerMissing, match="seccomp"):
        run(["/bin/true"])


@pytest.mark.usefixtures("forgotten", "sandboxed")
def test_where_it_cannot_start_it_says_what_the_system_said(monkeypatch: pytest.MonkeyPatch) -> None:
    layers.cache_clear()
    monkeypatch.setattr("evaluation.sandbox.command.FIRST_PROCESS", "echo no permission >&2; exit 1")
    assert "no permission" in (why_not_untrusted() or "")


def test_what_is_lost_is_said_in_sentences() -> None:
    whole = Layers(bubblewrap="0.8.0", seccomp=True, own_uid=True, cgroup=Kind.V2, sized_output=True)
    assert whole.why_not_untrusted() is None
    assert whole.lost() == ()
    bare = Layers(bubblewrap="0.8.0", seccomp=True, sized_output=True)
    assert bare.why_not_untrusted() is None
    assert len(bare.lost()) == len(NOT_HELD) + 1
    assert all(sentence.endswith(".") for sentence in bare.lost())


@pytest.mark.usefixtures("sandboxed")
def test_the_command_tells_the_layers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox"]) == 0
    said = capsys.readouterr().out
    assert f"bubblewrap       {layers().bubblewrap}" in said
    assert f"cgroup           {layers().cgroup}" in said
    assert "Untrusted code may run here." in said
