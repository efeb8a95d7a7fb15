"""What may be read inside is said by path, reached also where only root may go, and refused with a sentence."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.sandbox import BadRequest, DidNotStart, Limits, run
from tests.evaluation.sandbox.assault import PYTHON


@pytest.fixture
def hidden() -> Iterator[Path]:
    """A folder below one that only root may enter, as a project under /root is."""
    with tempfile.TemporaryDirectory(prefix="hidden-") as above:
        assert Path(above).stat().st_mode & 0o777 == 0o700
        folder = Path(above, "inner")
        folder.mkdir(mode=0o755)
        (folder / "model.bin").write_bytes(b"weights")
        (folder / "link").symlink_to("model.bin")
        yield folder


@pytest.mark.usefixtures("sandboxed")
def test_a_folder_that_only_root_reaches_can_be_read(hidden: Path) -> None:
    program = "print(open('/in/model.bin').read(), open('/in/link').read(), open('/one/file').read())"
    ended = run([PYTHON, "-I", "-c", program], read_only={"/in": hidden, "/one/file": hidden / "model.bin"})
    assert (ended.stdout, ended.stderr) == (b"weights weights weights\n", b"")


@pytest.mark.usefixtures("as_root")
def test_an_engine_made_from_a_python_that_only_root_reaches_runs(hidden: Path) -> None:
    """Its interpreter is a link to that Python, so both are shown; the Python at the very path the link names."""
    engine = hidden / "engine"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", engine], check=True)
    (engine / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "engine_code.py").write_text(
        "answer = 42\n"
    )
    ended = run(
        ["/engine/bin/python", "-c", "import engine_code, sys, ssl, json; print(engine_code.answer, sys.prefix)"],
        read_only={"/engine": engine, sys.base_prefix: sys.base_prefix} if _is_hidden() else {"/engine": engine},
    )
    assert (ended.stdout, ended.stderr) == (b"42 /engine\n", b"")


def _is_hidden() -> bool:
    """Say whether this Python lies where the sandbox does not look by itself."""
    return not Path(sys.base_prefix).is_relative_to("/usr")


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    ("inside", "outside", "sentence"),
    [
        ("in", "/etc", "absolute"),
        ("/", "/etc", "absolute"),
        ("/in/../etc", "/etc", "absolute"),
        ("/in/", "/etc", "absolute"),
        ("/usr/lib", "/etc", "taken"),
        ("/out", "/etc", "taken"),
        ("/out/x", "/etc", "taken"),
        ("/proc", "/etc", "taken"),
        ("/tmp", "/etc", "taken"),
        ("/in", "/no/such/folder", "No such file"),
        ("/in", "/dev/null", "neither a folder nor a plain file"),
        ("/in\0--bind\0/\0/x", "/etc", "no command line"),
        ("/in", "/etc\0--bind", "no command line"),
        ("/in\udcff", "/etc", "no command line"),
    ],
)
def test_a_path_that_will_not_do(inside: str, outside: str, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        run(["/bin/true"], read_only={inside: outside})


@pytest.mark.usefixtures("sandboxed")
def test_what_the_sandbox_could_not_read_is_refused_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700 if os.geteuid() == 0 else 0)
    with pytest.raises(BadRequest, match="chmod -R a\\+rX"):
        run(["/bin/true"], read_only={"/in": folder})


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    "given",
    [
        {"command": []},
        {"command": ["/bin/true", "a\0b"]},
        {"command": ["/bin/true"], "environment": {"A=B": "x"}},
        {"command": ["/bin/true"], "environment": {"": "x"}},
        {"command": ["/bin/true"], "environment": {"A": "x\0--bind\0/\0/host"}},
    ],
)
def test_a_command_that_will_not_do(given: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        run(**given)  # type: ignore[arg-type]


@pytest.mark.usefixtures("sandboxed")
def test_strange_names_of_sources_are_names(hidden: Path) -> None:
    strange = hidden / "a b;$(touch x)'\"\n--bind"
    strange.mkdir(mode=0o755)
    (strange / "x").write_text("read")
    assert run(["/bin/cat", "/in/odd $(id)/x"], read_only={"/in/odd $(id)": strange}).stdout == b"read"


@pytest.mark.usefixtures("sandboxed")
def test_sources_may_lie_where_the_sandbox_is_staged() -> None:
    """The stage covers a folder of the host; it takes another when something to be read lies there."""
    if os.geteuid() != 0:
        pytest.skip("Only root can do this.")
    folder = Path(tempfile.mkdtemp(prefix="staged-", dir="/mnt"))
    try:
        folder.chmod(0o755)
        (folder / "x").write_text("read")
        (folder / "x").chmod(0o644)
        assert run(["/bin/cat", "/in/x"], read_only={"/in": folder}).stdout == b"read"
    finally:
        shutil.rmtree(folder)


@pytest.mark.usefixtures("sandboxed")
def test_a_source_within_another_that_has_no_such_folder(hidden: Path) -> None:
    with pytest.raises(DidNotStart, match="/in/deeper"):
        run(["/bin/true"], read_only={"/in": hidden, "/in/deeper": hidden})


@pytest.mark.parametrize(
    "limits",
    [
        {"wall_seconds": 0},
        {"memory": -1},
        {"cores": 0.001},
        {"processes": 0},
        {"wall_seconds": float("nan")},
        {"files": float("inf")},
    ],
)
def test_a_limit_that_is_none(limits: dict[str, float]) -> None:
    with pytest.raises(BadRequest, match=next(iter(limits))):
        Limits(**limits)  # type: ignore[arg-type]
