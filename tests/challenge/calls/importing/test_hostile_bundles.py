"""A bundle that means harm is refused with the reason, or lies there inert: nothing of it is run, followed or shown as it is."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.calls.importing.plain_text import plain_text
from challenge.calls.importing.writing import write_call
from challenge.calls.operations_bundles import read_original
from challenge.calls.positions import read_yaml
from challenge.foundation.permits import Invalid
from tests.challenge.calls.importing.staging_bundles import ROOMS, folder_of, read, zip_of

SCRIPT = (
    '<script>alert("taken")</script><img src=x onerror="alert(1)"><a href="java\nscript:alert(2)">read</a><b>on</b>'
)
CONFIGURATION = {
    "EvalAI": ("full", "challenge_config.yaml", "title: Herons and Otters"),
    "Codabench v2": ("full", "competition.yaml", "title: Tides of the North"),
    "CodaLab v1.5": ("full", "competition.yaml", "title: Old Rivers"),
    "Hugging Face competitions": ("full", "conf.json", '"COMPETITION_TYPE": "script"'),
    "LM Evaluation Harness": ("choices", "heron_questions.yaml", "task_alias: Heron questions"),
}
"""By format: an honest bundle, its configuration, and a line of it that the hostile one replaces."""


def honest(format_: str) -> dict[str, str]:
    """Return a sound bundle of a format."""
    return dict(ROOMS[format_][CONFIGURATION[format_][0]])


def with_line(format_: str, line: str) -> dict[str, str]:
    """Return a bundle of a format in whose configuration one line is another."""
    _, file, old = CONFIGURATION[format_]
    files = honest(format_)
    assert old in files[file]
    return {**files, file: files[file].replace(old, line)}


def special(name: str, content: bytes, mode: int) -> Callable[[zipfile.ZipFile], None]:
    def add(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, content)

    return add


ARCHIVES = {
    "a link": (special("data.csv", b"/etc/passwd", stat.S_IFLNK | 0o777), "links are not allowed"),
    "an absolute path": (special("/etc/cron.d/job", b"x", stat.S_IFREG | 0o644), "must be relative"),
    "a path that leaves": (special("pages/../../out.txt", b"x", stat.S_IFREG | 0o644), "must not leave its folder"),
    "a path of Windows": (
        special("C:\\out.txt", b"x", stat.S_IFREG | 0o644),
        "must be relative and use forward slashes",
    ),
    "a device": (special("tty", b"", stat.S_IFCHR | 0o644), "only plain files"),
    "a bomb": (
        lambda archive: archive.writestr("zeros.csv", bytes(30_000_000)),
        "unpacks to more than 100 times its size",
    ),
    "too many files": (
        lambda archive: [archive.writestr(f"f{n}.txt", "") for n in range(2_001)],
        "at most 2,000 are allowed",
    ),
}


@pytest.mark.parametrize("format_", ROOMS)
@pytest.mark.parametrize("harm", ARCHIVES)
def test_an_archive_that_could_do_harm_is_refused_by_the_entry(format_: str, harm: str, tmp_path: Path) -> None:
    add, said = ARCHIVES[harm]
    buffer = io.BytesIO(zip_of(honest(format_)))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        add(archive)
    (tmp_path / "bundle.zip").write_bytes(buffer.getvalue())
    with pytest.raises(Invalid) as caught:
        read_original(tmp_path / "bundle.zip")
    assert caught.value.sentence.startswith("This bundle is not read: ")
    assert said in caught.value.sentence


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = folder_of(honest("EvalAI"), tmp_path / "bundle")
    (folder / "more.html").symlink_to("/etc/passwd")
    with pytest.raises(Invalid, match="links are not allowed"):
        read_original(folder)


@pytest.mark.parametrize("format_", ROOMS)
def test_a_tag_of_yaml_is_refused_by_name_and_line(format_: str) -> None:
    _, file, line = CONFIGURATION[format_]
    for tag in ("!!python/object/apply:os.system ['touch taken']", "!function tasks.take", "!!binary aGk="):
        files = with_line(format_, f"{line.partition(':')[0]}: {tag}")
        reading = read(files)
        number = next(n for n, text in enumerate(files[file].split("\n"), start=1) if tag in text)
        assert reading.draft is None
        (error,) = reading.report.errors
        assert (error.file, error.line, error.key) == (file, number, line.partition(":")[0].strip('"'))
        assert f"The tag {tag.split()[0]}" in error.sentence


@pytest.mark.parametrize("format_", [name for name in ROOMS if "Hugging" not in name])
@pytest.mark.parametrize(
    "bomb",
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
        "a0: &a0 [*a0]\n",
        "a0: " + "[" * 200 + "]" * 200 + "\n",
    ],
    ids=["aliases of aliases", "an alias of itself", "nesting"],
)  # fmt: skip
def test_a_bomb_of_yaml_is_refused(format_: str, bomb: str) -> None:
    name, file, _ = CONFIGURATION[format_]
    files = dict(ROOMS[format_][name])
    reading = read({**files, file: bomb + files[file]})
    assert reading.draft is None
    assert any("levels deep" in e.sentence or "larger than 20,000 parts" in e.sentence for e in reading.report.errors)


def test_more_configurations_than_can_be_read_are_refused() -> None:
    for files in (
        {f"t{n}.yaml": "task: x\n" for n in range(101)},
        {f"t{n}.yaml": "task: x\n" + "#" * 250_000 for n in range(5)},
    ):
        reading = read(files)
        assert reading.draft is None
        (error,) = reading.report.errors
        assert "that could be configurations; at most 100 with 1,000,000 bytes are read." in error.sentence


def test_a_bomb_of_json_is_refused() -> None:
    reading = read({"conf.json": '{"EVAL_METRIC": ' + "[" * 120_000 + "]" * 120_000 + "}"})
    assert reading.draft is None
    assert any("levels deep" in error.sentence for error in reading.report.errors)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "C:\\\\secrets.txt", "pages/../../../etc/passwd"])
@pytest.mark.parametrize(
    ("format_", "line"),
    [
        ("EvalAI", "image: logo.png"), ("EvalAI", "description: templates/description.html"),
        ("Codabench v2", "    file: overview.md"), ("Codabench v2", "terms: terms.md"), ("CodaLab v1.5", "  overview: overview.html"),
    ],
)  # fmt: skip
def test_a_file_outside_the_bundle_is_never_opened(format_: str, line: str, path: str, tmp_path: Path) -> None:
    name, file, _ = CONFIGURATION[format_]
    files = dict(ROOMS[format_][name])
    key = line.strip().partition(":")[0]
    changed = files[file].replace(line, f'{line.partition(":")[0]}: "{path}"', 1)
    folder = folder_of({**files, file: changed}, tmp_path / "deep" / "bundle")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("secret of the machine")
    opened = read_original(folder)
    assert opened.reading.draft is None
    assert "leads out of the bundle" in next(e.sentence for e in opened.reading.report.errors if e.key.endswith(key))
    assert "secret of the machine" not in str(opened)


PAGES = {
    "EvalAI": {"templates/description.html": SCRIPT},
    "Codabench v2": {"overview.md": SCRIPT},
    "CodaLab v1.5": {"overview.html": SCRIPT},
    "Hugging Face competitions": {"COMPETITION_DESC.md": SCRIPT},
}


@pytest.mark.parametrize("format_", PAGES)
def test_scripts_in_pages_are_left_out_and_told(format_: str) -> None:
    reading = read({**honest(format_), **PAGES[format_]})
    assert reading.draft is not None
    page = next(page for page in reading.draft.pages if "read" in page.text)
    assert page.text == "readon"
    note = next(
        f.sentence for f in reading.report.remarks if "acts on its reader" in f.sentence and "event" in f.sentence
    )
    assert "1 × address that runs, 1 × event attribute, 1 × script" in note


@pytest.mark.parametrize("format_", ["EvalAI", "Codabench v2", "CodaLab v1.5", "LM Evaluation Harness"])
def test_a_title_that_means_harm_is_words(format_: str) -> None:
    key = CONFIGURATION[format_][2].partition(":")[0]
    reading = read(with_line(format_, f'{key}: "<script>alert(1)</script>\\u202eevil \\x07 # x: &a {{}}\\nkey: other"'))
    assert reading.draft is not None
    text = write_call(reading.draft, original="0" * 64).text
    assert "<script" not in text
    assert "\u202e" not in text
    assert "\x07" not in text
    if format_ != "LM Evaluation Harness":
        assert read_yaml(text).plain["title"] == "evil # x: &a {} key: other"  # type: ignore[index,call-overload]


def test_nothing_of_a_bundle_is_run_or_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "taken"
    program = f"open({str(taken)!r}, 'w').close()"
    monkeypatch.syspath_prepend(str(tmp_path / "bundle"))
    files = {
        **honest("EvalAI"),
        "evaluation_script/__init__.py": program,
        "evaluation_script/main.py": program,
        "sitecustomize.py": program,
    }
    opened = read_original(folder_of(files, tmp_path / "bundle"))
    assert opened.reading.draft is not None
    assert not taken.exists()


REFUSED = {
    "a call": "{{ question.upper() }}",
    "a filter": "{{ question | length }}",
    "a loop": "{% for c in choices %}{{ c }}{% endfor %}",
    "a condition": "{{ 'a' if x else 'b' }}",
    "an import": "{% import 'os' as os %}",
    "globals": "{{ cycler.__init__.__globals__ }}",
    "a sum": "{{ question + choices[0] }}",
}


@pytest.mark.parametrize("harm", REFUSED)
def test_a_template_that_does_more_than_substitute_is_refused_by_key_and_line(harm: str, tmp_path: Path) -> None:
    _, file, _ = CONFIGURATION["LM Evaluation Harness"]
    files = honest("LM Evaluation Harness")
    text = files[file]
    line = next(line for line in text.split("\n") if line.startswith("doc_to_text:"))
    folder = folder_of({file: text.replace(line, f'doc_to_text: "{REFUSED[harm]}"')}, tmp_path / "tasks")
    reading = read_original(folder).reading
    assert reading.draft is None
    (error,) = reading.report.errors
    assert (error.file, error.line, error.key) == (file, 14, "doc_to_text")
    assert error.sentence.startswith("The template ")


def test_a_task_that_reads_in_another_file_is_refused() -> None:
    reading = read({"task.yaml": "include: ../../secrets.yaml\ntask: x\n"})
    assert reading.draft is None
    assert [(e.line, e.key) for e in reading.report.errors] == [(1, "include")]


@given(st.text(alphabet=st.sampled_from("<>/ab=\"' !-script&;#x\n"), max_size=200))
def test_no_tag_is_left_in_plain_text(source: str) -> None:
    text, _ = plain_text(source)
    assert "<script" not in text.lower() or "&" in source
    assert text == text.strip()
    assert "\x00" not in text


@given(st.dictionaries(st.sampled_from(["title", "description", "phases", "html", "leaderboard", "end_date", "tasks", "version"]),
                       st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20),
                                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "start", "columns", "index", "1"]), inner, max_size=3),
                                    max_leaves=10)))  # fmt: skip
def test_whatever_the_shape_a_bundle_is_read_or_refused_with_a_place(plain: Mapping[str, object]) -> None:
    for file in ("competition.yaml", "challenge_config.yaml"):
        more = (
            {"challenge_phases": plain.get("phases"), "challenge_phase_splits": plain.get("tasks")}
            if file[1] == "h"
            else {}
        )
        reading = read({file: json.dumps({**plain, **more})})
        assert reading.draft is not None or reading.report.errors
        assert all(f.file == file for f in reading.report.errors)
        assert all(row.line >= 1 for row in reading.report.rows if row.key)
        if reading.draft is not None:
            read_yaml(write_call(reading.draft, original="0" * 64).text)
