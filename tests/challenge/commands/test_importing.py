"""The command reads a bundle, tells what became of it, and writes draft, report and original."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from challenge.calls.importing.suite_files import GAP
from tests.cast import Cast
from tests.challenge.calls.importing.staging_bundles import ROOMS, folder_of, zip_of
from tests.challenge.commands.test_entrance import run


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_zip_becomes_a_draft_beside_its_report_and_its_original(cast: Cast, tmp_path: Path) -> None:
    bundle, out = tmp_path / "tides.zip", tmp_path / "out"
    bundle.write_bytes(zip_of(ROOMS["Codabench v2"]["full"]))
    told = run(cast, "import-call", bundle, "--out", out)
    assert told.exit_code == 0, told.output
    assert files_of(out) == {
        "call.yaml", "report.txt", "report.json", "original/tides.zip", "pages/overview.txt", "pages/terms.txt", "pages/empty.txt",
    }  # fmt: skip
    original = (out / "original" / "tides.zip").read_bytes()
    sha256 = hashlib.sha256(original).hexdigest()
    assert original == bundle.read_bytes()
    report = json.loads((out / "report.json").read_text())
    assert (report["format"], report["bundle"], report["draft"]) == (
        "Codabench v2",
        {"name": "tides.zip", "sha256": sha256},
        True,
    )
    call = (out / "call.yaml").read_text()
    assert call.startswith(f"# Made from a bundle of Codabench v2, SHA-256 {sha256}.\n")
    assert len(report["gaps"]) == call.count(f"# {GAP}:")
    for said in (
        "Phase “Spring”: from 2026-03-28T23:59:00+01:00 to 2026-03-29T03:01:00+02:00; 40 submissions\n",
        "Board “Second board”: Hours (lower is better)\n",
        "competition.yaml, line 8: docker_image: not carried over: Models run in the engines of this platform.\n",
        f"{out / 'call.yaml'} is the draft; {len(report['gaps'])} lines of it are to be filled in.\n",
    ):
        assert said in told.output
    assert told.output.startswith((out / "report.txt").read_text())
    checked = run(cast, "call", "check", out / "call.yaml")
    assert checked.exit_code == 1
    assert all(gap["key"] in checked.output for gap in report["gaps"])


def test_a_folder_is_kept_as_the_zip_whose_digest_is_told(cast: Cast, tmp_path: Path) -> None:
    folder, out = folder_of(ROOMS["EvalAI"]["full"], tmp_path / "starters"), tmp_path / "out"
    assert run(cast, "import-call", folder, "--out", out).exit_code == 0
    packed = out / "original" / "starters.zip"
    assert (
        json.loads((out / "report.json").read_text())["bundle"]["sha256"]
        == hashlib.sha256(packed.read_bytes()).hexdigest()
    )
    with zipfile.ZipFile(packed) as archive:
        assert set(archive.namelist()) == set(ROOMS["EvalAI"]["full"])


def test_a_task_file_becomes_a_suite_too(cast: Cast, tmp_path: Path) -> None:
    file, out = tmp_path / "heron_questions.yaml", tmp_path / "out"
    file.write_text(ROOMS["LM Evaluation Harness"]["choices"]["heron_questions.yaml"])
    assert run(cast, "import-call", file, "--out", out).exit_code == 0
    assert 'choices: [" A", " B"]' in (out / "suites" / "heron-questions" / "suite.yaml").read_text()
    assert '    folder: "suites/heron-questions"\n' in (out / "call.yaml").read_text()


def test_errors_leave_a_report_and_no_draft(cast: Cast, tmp_path: Path) -> None:
    files = ROOMS["Codabench v2"]["full"]
    text = files["competition.yaml"].replace("2026-03-28T23:59:00+01:00", "2026-03-28")
    folder, out = folder_of({**files, "competition.yaml": text}, tmp_path / "bundle"), tmp_path / "out"
    told = run(cast, "import-call", folder, "--out", out)
    assert told.exit_code == 1
    assert "error: competition.yaml, line 52: phases[0].start: '2026-03-28' has no time of day." in told.output
    assert told.output.endswith("Error: No draft was made: 1 thing to mend, see above.\n")
    assert files_of(out) == {"report.txt", "report.json", "original/bundle.zip"}
    words = ("--zone", "Europe/Brussels", "--opens-at", "23:59")
    said = run(cast, "import-call", folder, "--out", tmp_path / "again", *words)
    assert said.exit_code == 0
    assert 'opens: "2026-03-28 23:59:00+01:00"' in (tmp_path / "again" / "call.yaml").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--zone", "Middle Earth"), "Error: 'Middle Earth' is not the name of a time zone."),
        (("--closes-at", "noon"), "Error: 'noon' is no time of day. Write one such as 23:59."),
        ((), "is there already and is no empty folder. Name a new one."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(cast: Cast, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    folder = folder_of(ROOMS["EvalAI"]["full"], tmp_path / "bundle")
    told = run(cast, "import-call", folder, "--out", folder if not words else tmp_path / "new", *words)
    assert told.exit_code == 1
    assert said in told.output
    assert not (tmp_path / "new").exists()


def test_a_bundle_with_a_link_is_refused_and_nothing_is_written(cast: Cast, tmp_path: Path) -> None:
    folder = folder_of(ROOMS["EvalAI"]["full"], tmp_path / "bundle")
    (folder / "more.html").symlink_to("/etc/passwd")
    told = run(cast, "import-call", folder, "--out", tmp_path / "out")
    assert (told.exit_code, told.output) == (
        1, "Error: This bundle is not read: 'more.html': links are not allowed; put the file itself into the folder.\n",
    )  # fmt: skip
    assert not (tmp_path / "out").exists()
