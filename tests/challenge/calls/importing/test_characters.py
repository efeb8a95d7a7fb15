"""Characters that no file shows, or that are halves of others, leave a draft that can be written and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.calls.importing.suite_files import quoted
from challenge.calls.importing.telling import as_text
from challenge.calls.importing.writing import write_call
from challenge.calls.positions import read_yaml
from challenge.calls.problems import CallFileErrors
from tests.challenge.calls.importing import hugging_face_bundles
from tests.challenge.calls.importing.staging_bundles import ROOMS, read

ODD = ["\U0001f600", "\ud83d\ude00", "\ud83d", "\ude00", "a\x07b", "\x7f", "\x85", "\x9f", "\ufffe", "\uffff", "\u2028"]


@given(st.text(st.characters(codec=None), max_size=50) | st.lists(st.sampled_from(ODD)).map("".join))
def test_a_quoted_text_is_read_again(text: str) -> None:
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert read_yaml(f"key: {quoted(text)}\n".encode().decode()).plain == {"key": whole}


@pytest.mark.parametrize("odd", ODD)
def test_a_bundle_with_odd_characters_everywhere_has_a_report_and_a_draft(odd: str) -> None:
    j = json.dumps(odd)  # as JSON writes it: \ud83d\ude00, \u007f
    evalai = ROOMS["EvalAI"]["full"]
    codabench = ROOMS["Codabench v2"]["full"]
    codalab = ROOMS["CodaLab v1.5"]["full"]
    task = ROOMS["LM Evaluation Harness"]["choices"]
    bundles = (
        {"conf.json": hugging_face_bundles.conf(**{odd: odd, "EVAL_METRIC": odd, "SCORING_METRIC": odd})},
        {**evalai, "challenge_config.yaml": evalai["challenge_config.yaml"].replace('["F1"]', f"[{j}]").replace('"F1"', j)
         .replace("        Seconds:", f"        {j}:").replace("[Accuracy, Seconds]", f"[Accuracy, {j}]").replace("name: Dev\n", f"name: {j}\n")},
        {**codabench, "competition.yaml": codabench["competition.yaml"].replace("key: rmse", f"key: {j}").replace("title: Main", f"title: {j}")
         .replace("reward: ", f"{j}: ")},
        {**codalab, "competition.yaml": codalab["competition.yaml"].replace("  overview: ", f"  {j}: ")},
        {"t.yaml": task["heron_questions.yaml"].replace('doc_to_text: "', f'doc_to_text: "{j[1:-1]}').replace("doc_to_choice: [A, B]", f"doc_to_choice: [A, {j}]")},
    )  # fmt: skip
    for files in bundles:
        reading = read(files)
        assert reading.draft is not None, [str(error) for error in reading.report.errors]
        written = write_call(reading.draft, original="0" * 64)
        read_yaml(written.text.encode().decode())
        as_text(reading, sha256="0" * 64, written=written).encode()
        for suite in reading.draft.suites:
            if suite.manifest:
                read_yaml(suite.manifest.encode().decode())


@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000"])
def test_an_escape_of_no_character_is_told(escape: str) -> None:
    with pytest.raises(CallFileErrors, match="names no character"):
        read_yaml(f'key: "{escape}"\n')
    (error,) = read({"competition.yaml": f'version: 2\ntitle: "{escape}"\n'}).report.errors
    assert "names no character" in error.sentence
