"""Task files read in other files of their bundle, and nothing else; every key keeps its own file and line."""

from pathlib import Path

import pytest

from challenge.calls.importing.configurations import Configurations
from challenge.calls.importing.desk import Desk
from challenge.calls.importing.includes import Includes
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.reports import Fate
from challenge.calls.operations_bundles import read_original
from tests.challenge.calls.importing.staging_bundles import bundle_of, folder_of, read, zip_of

TEMPLATE = """\
dataset_path: birds/herons
output_type: generate_until
test_split: test
doc_to_text: "Q: {{question}}\\nA:"
doc_to_target: answer
generation_kwargs:
  until: ["\\n"]
  max_gen_toks: 32
metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
metadata:
  version: 2.0
"""
FILES = {
    "_herons_yaml": TEMPLATE,
    "herons_de.yaml": "include: _herons_yaml\ntask: herons_de\ndataset_name: de\n",
    "herons_mt.yaml": 'include: _herons_yaml\ntask: herons_mt\ndataset_name: mt\ndoc_to_text: "M: {{question}}\\nT:"\n',
}


def test_what_is_read_in_counts_and_the_files_own_keys_come_first() -> None:
    reading = read(FILES)
    assert reading.draft is not None
    (suite,) = reading.draft.suites
    assert suite.manifest.count("metric: exact_match") == 2
    assert suite.manifest.count("tokens: 32") == 2
    assert 'prompt: "Q: {{question}}\\nA:"' in suite.manifest
    assert 'prompt: "M: {{question}}\\nT:"' in suite.manifest
    assert 'source: "data set birds/herons, part mt, split test"' in suite.manifest


def test_every_key_has_its_row_in_the_file_that_it_stands_in() -> None:
    rows = {(row.file, row.key): row for row in read(FILES).report.rows}
    assert rows[("_herons_yaml", "test_split")].line == 3
    assert rows[("_herons_yaml", "metric_list[0].metric")].fate is Fate.CARRIED
    assert rows[("herons_mt.yaml", "doc_to_text")].line == 4
    assert rows[("herons_mt.yaml", "include")].words == "which files are read in"
    assert rows[("_herons_yaml", "")].words == "read in by the tasks that name it, key by key"
    assert ("herons_mt.yaml", "test_split") not in rows


def test_a_key_that_every_task_says_itself_is_told_as_left() -> None:
    files = {name: text for name, text in FILES.items() if name != "herons_de.yaml"}
    (row,) = [r for r in read(files).report.rows if (r.file, r.key) == ("_herons_yaml", "doc_to_text")]
    assert row.fate is Fate.LEFT
    assert row.words == "Every file that reads this one in has a key of its own of this name."


def test_files_are_read_in_over_others_and_later_ones_count_before_earlier_ones() -> None:
    files = {
        "base": TEMPLATE,
        "short": "include: base\ngeneration_kwargs: {max_gen_toks: 8}\n",
        "named.yaml": "dataset_path: birds/otters\n",
        "t.yaml": "include: [short, named.yaml]\ntask: t\n",
    }
    reading = read(files)
    assert reading.draft is not None
    (suite,) = reading.draft.suites
    assert "tokens: 8" in suite.manifest
    assert "data set birds/otters" in suite.manifest
    assert suite.manifest.count("- name:") == 1


def test_a_template_with_an_include_of_its_own_is_no_task() -> None:
    files = {
        "base": TEMPLATE,
        "default.yaml": "include: base\nrepeats: 1\n",
        "t.yaml": "include: default.yaml\ntask: t\n",
    }
    reading = read(files)
    assert reading.draft is not None
    (suite,) = reading.draft.suites
    assert suite.manifest.count("- name:") == 1


@pytest.mark.parametrize(
    ("include", "said"),
    [
        ("../secrets.yaml", "The file '../secrets.yaml' would be read in here, and leads out of the bundle."),
        ("/etc/passwd", "leads out of the bundle."),
        ("none_yaml", "The file 'none_yaml' would be read in here, and is not in the bundle."),
        ("t.yaml", "is read in by itself"),
        ("ring_a", "is read in by itself"),
        ("{a: b}", "The name of a file belongs here, or a list of names."),
        ("[]", "The name of a file belongs here, or a list of names."),
    ],
)
def test_what_cannot_be_read_in_is_an_error_by_line(include: str, said: str) -> None:
    reading = read(
        {"t.yaml": f"task: t\ninclude: {include}\n", "ring_a": "include: ring_b\n", "ring_b": "include: ring_a\n"}
    )
    assert reading.draft is None
    (error,) = [error for error in reading.report.errors if error.key == "include"]
    assert (error.file, error.line) == ("t.yaml", 2)
    assert said in error.sentence


def test_a_tag_in_a_file_that_is_read_in_is_told_once_where_it_stands() -> None:
    files = {**FILES, "_herons_yaml": TEMPLATE.replace("doc_to_target: answer", "process_docs: !function utils.take")}
    (error,) = read(files).report.errors
    assert (error.file, error.line, error.key) == ("_herons_yaml", 5, "process_docs")
    assert "The tag !function utils.take would have something run or built." in error.sentence


def test_a_template_of_a_file_that_is_read_in_is_held_against_what_prompts_may_do(tmp_path: Path) -> None:
    files = {**FILES, "_herons_yaml": TEMPLATE.replace("{{question}}", "{{question.upper()}}")}
    (tmp_path / "tasks.zip").write_bytes(zip_of(files))
    for place in (tmp_path / "tasks.zip", folder_of(files, tmp_path / "tasks")):
        (error,) = read_original(place).reading.report.errors
        assert (error.file, error.line, error.key) == ("_herons_yaml", 4, "doc_to_text")


def test_keys_given_twice_in_a_file_that_is_read_in_are_told_once() -> None:
    (error,) = read({**FILES, "_herons_yaml": TEMPLATE + "test_split: dev\n"}).report.errors
    assert (error.file, error.line) == ("_herons_yaml", 15)


def test_files_that_read_in_very_much_are_bounded() -> None:
    great = "x: " + "y" * 200_000 + "\n"
    files = {f"g{number}": great for number in range(15)}
    files["t.yaml"] = f"task: t\ninclude: [{', '.join(files)}]\n"
    told = [error.sentence for error in read(files).report.errors]
    assert any("is one too many to read in. Bring fewer tasks at once." in sentence for sentence in told)
    chain = {f"c{number}": f"include: c{number + 1}\n" for number in range(9)}
    told = [error.sentence for error in read({**chain, "t.yaml": "task: t\ninclude: c0\n"}).report.errors]
    assert any("or over more than 5 others" in sentence for sentence in told)


def test_a_group_of_tasks_is_no_task() -> None:
    reading = read({**FILES, "_group.yaml": "group: herons\ntask: [herons_de, herons_mt]\ndataset_path: x\n"})
    assert reading.draft is not None
    (suite,) = reading.draft.suites
    assert suite.manifest.count("- name:") == 2
    (error,) = read({"_group.yaml": "group: herons\ntask: [herons_de, herons_mt]\n"}).report.errors
    assert error.sentence == "This only groups tasks of the harness. Bring the files of the tasks themselves."


def nest(wide: int, deep: int) -> dict[str, str]:
    """Make files that read in every file of the next level, `deep` levels down, each with 10 keys of its own."""
    own = "".join(f"k{number}: 1\n" for number in range(10))
    files = {}
    for level in range(deep):
        below = ", ".join(f"f{level + 1}_{n}" for n in range(wide)) if level + 1 < deep else ""
        files |= {f"f{level}_{n}": f"include: [{below}]\n{own}" if below else own for n in range(wide)}
    return files


def test_each_file_is_put_together_once_however_many_name_it() -> None:
    files = {**nest(8, 5), "t.yaml": f"task: t\ninclude: [{', '.join(f'f0_{n}' for n in range(8))}]\n"}
    desk = Desk(bundle_of(files), None)
    includes = Includes(Configurations(desk), "LM Evaluation Harness")
    located = includes.files.one("t.yaml")
    assert located is not None
    whole = includes.read_into(Ledger(desk, "t.yaml", located, includes.format))
    assert whole.at(("k9",)) == 1
    assert includes.reads == 8 + 4 * 8 * 8  # each of the names there are, once: not 8 to the power of 5
    assert not desk.remarks


def test_all_that_is_read_in_is_bounded_together() -> None:
    great = {"great": "".join(f"k{key}: 1\n" for key in range(600))}
    tasks = {f"t{n}.yaml": f"task: t{n}\ninclude: great\n" for n in range(90)}
    told = [error.sentence for error in read({**great, **tasks}).report.errors]
    assert "The file 'great' is one too many to read in. Bring fewer tasks at once." in told
    many = ", ".join(f"n{number}" for number in range(101))
    (error,) = read({"t.yaml": f"task: t\ninclude: [{many}]\n"}).report.errors
    assert error.sentence == "Here are 101 names; at most 100 files are read in. Name fewer."


def test_a_name_that_is_repeated_is_refused() -> None:
    (error,) = read({**FILES, "t.yaml": "task: t\ninclude: [_herons_yaml, ./_herons_yaml]\n"}).report.errors
    assert (error.file, error.line) == ("t.yaml", 2)
    assert error.sentence == "The file '_herons_yaml' is named twice here. Name it once."
    files = {**FILES, "again": "include: [_herons_yaml, _herons_yaml]\n", "t.yaml": "task: t\ninclude: again\n"}
    (error,) = read(files).report.errors
    assert (error.file, error.line) == ("t.yaml", 2)
    assert error.sentence == "The file '_herons_yaml' is named twice here for again. Name it once."


@pytest.mark.parametrize("beside", [{}, {"t.yaml": f"task: t\n{TEMPLATE}"}])
def test_files_that_read_in_nothing_but_one_another_are_an_error(beside: dict[str, str]) -> None:
    ring = {"a.yaml": "include: b.yaml\ndoc_to_text: x\n", "b.yaml": "include: a.yaml\ndoc_to_text: y\n"}
    reading = read({**ring, **beside})
    assert reading.draft is None
    assert [(error.file, error.line, error.key) for error in reading.report.errors] == [
        ("a.yaml", 1, "include"), ("b.yaml", 1, "include"),
    ]  # fmt: skip
    assert "The file 'a.yaml' is read in by itself" in reading.report.errors[0].sentence
    assert {row.key for row in reading.report.rows if row.file == "b.yaml"} == {"", "include", "doc_to_text"}


@pytest.mark.parametrize(
    "name", ["defaults.yaml", "./defaults.yaml", "../common/defaults.yaml", "deep/../defaults.yaml"]
)
def test_a_name_is_seen_from_the_folder_of_the_file_that_it_stands_in(name: str) -> None:
    files = {
        "t.yaml": "task: t\ninclude: common/base.yaml\n",
        "common/base.yaml": f"include: {name}\ntest_split: test\n",
        "common/defaults.yaml": TEMPLATE,
        "defaults.yaml": TEMPLATE.replace("herons", "otters"),
    }
    reading = read(files)
    assert reading.draft is not None
    assert "data set birds/herons" in reading.draft.suites[0].manifest
    rows = {(row.file, row.key): row for row in reading.report.rows}
    assert rows[("common/defaults.yaml", "dataset_path")].line == 1
    assert ("defaults.yaml", "dataset_path") not in rows


def test_a_step_up_is_taken_within_the_bundle_and_never_out_of_it() -> None:
    files = {"t.yaml": "task: t\ninclude: common/base.yaml\n", "defaults.yaml": TEMPLATE}
    reading = read({**files, "common/base.yaml": "include: ../defaults.yaml\n"})
    assert reading.draft is not None
    assert "data set birds/herons" in reading.draft.suites[0].manifest
    for name in ("../../defaults.yaml", "../common/../../defaults.yaml", "/defaults.yaml", "'..\\defaults.yaml'"):
        (error,) = read({**files, "common/base.yaml": f"include: {name}\n"}).report.errors
        assert (error.file, error.line) == ("t.yaml", 2)
        assert "would be read in here for common/base.yaml, and leads out of the bundle." in error.sentence


@pytest.mark.parametrize(("include", "key"), [("{a: b}", "include.a"), ("[]", "include"), ("", "include")])
def test_a_file_that_is_read_in_and_names_none_itself_is_an_error_beside_it(include: str, key: str) -> None:
    files = {"base.yaml": f"doc_to_text: x\ninclude: {include}\n", "t.yaml": "task: t\ninclude: base.yaml\n"}
    reading = read(files)
    assert reading.draft is None
    (error,) = reading.report.errors
    assert (error.file, error.line, error.key) == ("base.yaml", 2, "include")
    assert error.sentence == "The name of a file belongs here, or a list of names. Write it as one text."
    (row,) = [row for row in reading.report.rows if (row.file, row.key) == ("base.yaml", key)]
    assert (row.fate, row.words) == (Fate.LEFT, "It names no file.")
