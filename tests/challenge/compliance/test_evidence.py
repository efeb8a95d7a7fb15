"""What a verdict rests on is kept, shown in place and given out; whatever a package brings is only text."""

import hashlib
import json
import re

import pytest

from challenge.commands.clearing import spoken_of
from challenge.compliance import operations_evidence, queries
from challenge.compliance.actions import actions_of
from challenge.compliance.evidence import headline
from challenge.compliance.lineage import shortened
from challenge.compliance.records import Examination, ExaminationEvidence
from challenge.compliance.states import LicenceVerdict
from challenge.compliance.texts import marked_files
from challenge.compliance.visible import visible
from tests.challenge.compliance.packages import WEIGHTS, Bureau, card, codes, licence, package, zipped

APACHE = licence("Apache-2.0")
CHANGED = {
    "LICENSE": APACHE.replace(
        "worldwide, non-exclusive, no-charge", "worldwide, non-exclusive, non-commercial, no-charge", 1
    )
}
LINEAGE = {
    "README.md": card(
        "license: apache-2.0\nbase_model:\n- meta-llama/Llama-3.1-8B\n- Qwen/Qwen2.5-7B\ndatasets:\n- somebody/corpus"
    ),
    "config.json": json.dumps({"_name_or_path": "Qwen/Qwen2.5-7B"}),
    "adapter_config.json": json.dumps({"base_model_name_or_path": "somebody/hidden-base"}),
}
NON_COMMERCIAL = {"README.md": card("license: cc-by-nc-4.0"), "LICENSE": licence("CC-BY-NC-4.0"), "metadata.json": None}


def kept(bureau: Bureau, found: Examination) -> ExaminationEvidence:
    """Return the evidence of an examination."""
    with bureau.cast.house.database.reading() as session:
        evidence = queries.evidence_of(session, found.id)
    assert evidence is not None
    return evidence


def page(bureau: Bureau, reference: str = "trial-0001") -> str:
    """Return the licence's page as the captain reads it, blanks joined."""
    answer = bureau.cast.browser(bureau.captain).get(f"/compliance/{reference}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_added_and_missing_words_are_marked_where_they_stand(bureau: Bureau) -> None:
    text = APACHE.replace(
        "perpetual, worldwide, non-exclusive, no-charge", "worldwide, non-exclusive, non-commercial, no-charge", 1
    )
    bureau.examined(package({"LICENSE": text}))
    number = next(n for n, line in enumerate(text.split("\n"), start=1) if "non-commercial" in line)
    shown = page(bureau)
    [line] = re.findall(rf'<li value="{number}" class="changed">(.*?)</li>', shown)[:1]
    assert '<ins><span class="hidden">[added: </span>non-commercial<span class="hidden">]</span></ins>' in line
    assert '<del><span class="hidden">[missing: </span>perpetual<span class="hidden">]</span></del>' in line
    assert line.index("</del>") < line.index("worldwide, non-exclusive") < line.index("<ins>")
    assert f"<summary>The whole text, {len(text.split(chr(10)))} lines</summary>" in shown
    window = shown[shown.index('<ol class="text"') : shown.index("<details>")]
    assert re.findall(r'<li value="(\d+)"', window) == [str(n) for n in range(number - 2, number + 3)]


def test_a_text_as_published_is_not_shown_and_an_unknown_one_is(bureau: Bureau) -> None:
    bureau.examined(package())
    assert "The whole text" not in page(bureau)
    bureau.examined(package({"LICENSE": "Ask me first."}))
    shown = page(bureau, "trial-0002")
    assert "This is the text of no licence that is known here, so nothing can be marked in it." in shown
    assert '<li value="1">Ask me first.</li>' in shown


def test_one_action_names_every_place_that_asks_for_it_the_gravest_first(bureau: Bureau) -> None:
    found = bureau.examined(package({"a.pkl": b"x", "b.pkl": b"y", "LICENSE": None, "model.safetensors": None}))
    actions = actions_of(found.reasons)
    assert [action.outcome for action in actions] == sorted(
        (action.outcome for action in actions), key=["non_compliant", "needs_review"].index
    )
    [pickles] = [action for action in actions if action.remedy == "Convert it to safetensors and remove it."]
    assert [place.file for place in pickles.places] == ["a.pkl", "b.pkl"]
    shown = page(bureau)
    assert shown.count("Convert it to safetensors and remove it.") == 1
    assert shown.index("Add the weights as safetensors") < shown.index("Convert it to safetensors")


def test_a_reason_from_before_reasons_said_what_they_lead_to_still_has_its_place() -> None:
    [action] = actions_of(
        [{"code": "PICKLE", "sentence": "It \u202eis.", "file": "a.pkl", "line": 3, "remedy": "Remove it."}]
    )
    assert (action.outcome, action.places[0].where, action.places[0].sentence) == ("", "line 3", "It ⟨U+202E⟩is.")
    assert headline("non_compliant", [action]).endswith("cannot win: one point below has to be mended.")


def test_the_lineage_is_a_picture_and_a_table_that_say_the_same(bureau: Bureau) -> None:
    bureau.examined(package(LINEAGE))
    shown = page(bureau)
    picture, table = re.findall(r'<svg class="lineage".*?</svg>', shown)[0], shown[shown.index("How it is known") :]
    for name, known, words in (
        ("meta-llama/Llama-3.1-8B", "declared", "declared by the team"),
        ("Qwen/Qwen2.5-7B", "both", "declared, and found in the files"),
        ("somebody/hidden-base", "found", "found in the files, not declared"),
        ("somebody/corpus", "declared", "declared by the team"),
    ):
        assert name in picture
        assert f"{name}, " in re.findall(r'aria-label="([^"]*)"', picture)[0]
        assert f'<rect class="{known}"' in picture
        row = next(row for row in table.split("<tr>") if name in row)
        assert words in row
    assert "LicenseRef-llama-3.1" in picture
    assert "let the model&#39;s name begin with that of the base" in table


def test_a_non_commercial_licence_is_fine_here_and_not_open_there_and_the_page_says_why(bureau: Bureau) -> None:
    found = bureau.examined(package(NON_COMMERCIAL), licence="CC-BY-NC-4.0")
    assert (found.verdict, found.ai_act_exempt) == (LicenceVerdict.COMPLIANT, False)
    flags = page(bureau).split('class="cards flags"')[1].split("</div> </div>")[0]
    challenge, ai_act = flags.split("aia_53_2")
    assert "Does the challenge accept it?" in challenge
    assert '<span class="state good">compliant</span>' in challenge
    assert "allows non-commercial use only, which this challenge accepts" in challenge
    assert '<span class="state plain">no</span>' in ai_act
    assert "C(2025) 5045, paragraph 83" in ai_act
    assert "<strong>Why the two disagree.</strong>" in page(bureau)


def test_components_stand_with_their_licence_and_the_class_says_what_is_missing(bureau: Bureau) -> None:
    bureau.examined(package({"config.json": "{}"}))
    shown = page(bureau)
    assert "No class yet: something that Class III asks for is missing or not open." in shown
    assert "Class III asks besides for data card, technical report, evaluation results." in shown
    assert "final model parameters" in shown


def test_documents_are_given_out_with_the_same_bytes_each_time(bureau: Bureau) -> None:
    found = bureau.examined(package(CHANGED))
    names = ["verdict.json", "spdx-2.3.json", "spdx-3.json", "cyclonedx-1.6.json"]
    assert list(kept(bureau, found).documents) == names
    browser = bureau.cast.browser(bureau.captain)
    for name in names:
        answers = [browser.get(f"/compliance/trial-0001/scans/1/{name}") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        first, second = (answer.get_data() for answer in answers)
        assert first == second
        assert hashlib.sha256(first).hexdigest() == kept(bureau, found).documents[name]["sha256"]
        assert answers[0].headers["Content-Disposition"] == f"attachment; filename=trial-0001-scan-1-{name}"
        assert isinstance(json.loads(first), dict)
        assert f"/compliance/trial-0001/scans/1/{name}" in page(bureau)
    assert (
        json.loads(browser.get("/compliance/trial-0001/scans/1/spdx-2.3.json").get_data())["spdxVersion"] == "SPDX-2.3"
    )
    assert browser.get("/compliance/trial-0001/scans/1/other.json").status_code == 404
    assert (
        bureau.cast.browser(bureau.cast.person("Bo")).get("/compliance/trial-0001/scans/1/verdict.json").status_code
        == 404
    )


def test_the_same_package_gives_the_same_documents(bureau: Bureau) -> None:
    one, other = (kept(bureau, bureau.examined(package(CHANGED))) for _ in range(2))
    assert (one.documents, one.found) == (other.documents, other.found)


def test_a_document_that_the_store_lost_is_not_found(bureau: Bureau) -> None:
    found = bureau.examined(package())
    bureau.cast.house.files.path(str(kept(bureau, found).documents["verdict.json"]["sha256"])).unlink()
    assert bureau.cast.browser(bureau.captain).get("/compliance/trial-0001/scans/1/verdict.json").status_code == 404


def test_without_a_package_or_with_a_broken_one_the_page_shows_what_there_is(bureau: Bureau) -> None:
    bureau.examined(None)
    bureau.examined(b"no zip at all")
    assert "The package holds no model weights that can be read." in page(bureau)
    broken = page(bureau, "trial-0002")
    assert "The package cannot be read" in broken
    assert "Documents" not in broken
    with bureau.cast.house.database.reading() as session:
        assert queries.evidence_of(session, bureau.examinations()[1].id) is None


def test_what_is_too_much_is_cut_and_said(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations_evidence, "MOST_SIGNS", 4_000)
    monkeypatch.setattr(operations_evidence, "MOST_REASONS", 2)
    monkeypatch.setattr(operations_evidence, "MOST_ROWS", 1)
    found = bureau.examined(package({**CHANGED, **LINEAGE, "model.safetensors": None, "a.pkl": b"x"}))
    assert len(found.reasons) == 2
    assert {str(reason["outcome"]) for reason in found.reasons} == {"non_compliant"}
    shown, evidence = page(bureau), kept(bureau, found)
    assert re.search(r"Of \d+ findings the 2 gravest are shown; the documents hold all\.", shown)
    assert "Of 4 things that it is made from the first 1 are shown; the documents hold all." in shown
    assert re.search(r"LICENSE is shown up to line \d+ of \d+\.", shown)
    [text] = marked_files(evidence.found)
    assert len(text.lines) < text.of == APACHE.count("\n") + 1
    whole = bureau.cast.browser(bureau.captain).get("/compliance/trial-0001/scans/1/verdict.json").get_data()
    assert len(json.loads(whole)["reasons"]) > 2


def test_a_document_that_is_too_large_is_left_out(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations_evidence, "LARGEST_DOCUMENT", 100)
    found = bureau.examined(package())
    assert kept(bureau, found).documents == {}
    assert "Documents</h2>" not in page(bureau)


HOSTILE = "<script>alert(1)</script>"


def test_hostile_words_are_only_text_and_signs_that_hide_are_seen(bureau: Bureau) -> None:
    text = APACHE.replace("Licensor shall", f"Licensor \u202e{HOSTILE}\x07 never shall" + "W" * 500, 1)
    front = f"license: apache-2.0\nbase_model: {'x' * 140}/{'y' * 90}\ndatasets: '{HOSTILE}'"
    found = bureau.examined(
        package({"LICENSE": text, "README.md": card(front) + f"\nFor non-commercial use only {HOSTILE}\u202e\x01.\n", HOSTILE.replace("/", "") + ".pkl": b"x"})
    )  # fmt: skip
    shown = page(bureau)
    assert HOSTILE not in shown
    assert "<script>alert" not in shown
    assert "⟨U+202E⟩" in shown
    assert not re.search("[\u202a-\u202e\x00-\x08]", shown)
    assert "y" * 90 not in re.findall(r'<svg class="lineage".*?</svg>', shown)[0].split(">", 1)[1], (
        "names are cut in the picture"
    )
    assert all("\u202e" not in str(value) for reason in found.reasons for value in reason.values())


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\x1b", "\u2066"])
def test_a_sign_that_no_database_takes_stops_no_examination(bureau: Bureau, sign: str) -> None:
    metadata = json.dumps(
        {"licence": f"Apache{sign}-2.0", "base_models": [f"some{sign}body/base"], "release": "weights"}
    )
    found = bureau.examined(
        zipped(
            {
                "metadata.json": metadata,
                "LICENSE": APACHE + f"\n{sign}".encode("utf-8", "ignore").decode(),
                "README.md": "# A\n",
                "m.safetensors": WEIGHTS,
            }
        )
    )
    assert found.verdict is not None
    assert "CHECK_BROKEN" not in codes(found)
    assert sign not in found.declared
    assert f"⟨U+{ord(sign):04X}⟩" in page(bureau)
    browser = bureau.cast.browser(bureau.captain)
    for name in kept(bureau, found).documents:
        assert isinstance(json.loads(browser.get(f"/compliance/trial-0001/scans/1/{name}").get_data()), dict)


def test_signs_are_made_visible_and_texts_cut() -> None:
    assert visible("a\u202eb\x00c\u200bd\te\n") == "a⟨U+202E⟩b⟨U+0000⟩c⟨U+200B⟩d e "
    assert visible("Ünïcödé, 語") == "Ünïcödé, 語"
    assert visible("x" * 9, most=4) == "xxxx…"
    assert shortened("語" * 20, 10) == "語" * 5 + "…"
    assert shortened("short", 10) == "short"


def test_the_store_keeps_the_documents_of_every_scan(bureau: Bureau) -> None:
    names = {str(one["sha256"]) for one in kept(bureau, bureau.examined(package())).documents.values()}
    assert len(names) == 4
    assert spoken_of(bureau.cast.house.database, names) == names
