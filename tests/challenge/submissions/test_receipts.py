"""Receipts: anybody can check one, here or at home, and nobody can change one."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from challenge.calls import queries as calls
from challenge.foundation.canonical import canonical
from challenge.foundation.files import Stored
from challenge.foundation.signing import Signer
from challenge.submissions import operations
from challenge.submissions.entry import Entry
from challenge.submissions.receipts import LONGEST, Verdict, check_receipt
from challenge.submissions.records import Receipt
from tests.cast import Cast
from tests.stage import stage_call, stage_team

ENTRY = Entry(
    title="Grüße, “Ada”",
    abstract="What it is and why.",
    declared_licence="Apache-2.0",
    route="publication",
    doi="https://doi.org/10.5281/zenodo.1234567",
    requests={"LUMI": 12},
    predictions=Stored("1" * 64, 21),
    predictions_name="predictions.csv",
    package=Stored("2" * 64, 99),
    package_name="package.zip",
    idempotency_key="a-key-of-a-form",
)


@pytest.fixture
def receipt(cast: Cast) -> str:
    """The receipt.json that Ada downloads."""
    ada, call = cast.person("Ada"), stage_call(cast)
    team = stage_team(cast, call, "Alder Models", ada)
    with cast.house.database.transaction() as session:
        operations.accept(
            session, actor=ada, call=call, rules=calls.rules_of(session, call), team=team, entry=ENTRY,
            signer=cast.house.signer, now=cast.now,
        )  # fmt: skip
    answer = cast.browser(ada).get("/submissions/trial-0001/receipt.json")
    assert answer.headers["Content-Disposition"] == "attachment; filename=trial-0001-receipt.json"
    return answer.get_data(as_text=True)


def checked(cast: Cast, text: str) -> str:
    """Return the page on which a visitor has a receipt checked."""
    return cast.browser().post("/receipts/check", {"receipt": text}).get_data(as_text=True)


def test_a_visitor_has_a_receipt_checked(cast: Cast, receipt: str) -> None:
    page = checked(cast, receipt)
    assert "The signature holds" in page
    assert "The submission is on record here, with this very receipt." in page
    assert "trial-0001" in page


def test_the_receipt_says_what_was_handed_in(receipt: str) -> None:
    document = json.loads(receipt)["document"]
    assert document["format"] == "receipt 1"
    assert document["title"] == "Grüße, “Ada”"
    assert document["predictions"]["sha256"] == "1" * 64
    assert document["package"] == {"sha256": "2" * 64, "size": 99, "name": "package.zip"}
    assert document["declared"]["hours"] == {"LUMI": 12, "Leonardo": 0}
    assert document["submitted_at"] == "2026-03-02T09:00:00.000000Z"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("reference",), "trial-0002"),
        (("team",), "Birch Models"),
        (("submitted_at",), "2026-03-02T08:59:59.999999Z"),
        (("predictions", "sha256"), "3" * 64),
        (("predictions", "size"), 22),
        (("predictions", "size"), 21.0),
        (("package",), None),
        (("audit_before", "hash"), "0" * 63 + "1"),
        (("extra",), "more"),
    ],
)
def test_a_changed_receipt_does_not_verify(cast: Cast, receipt: str, path: tuple[str, ...], value: object) -> None:
    changed = json.loads(receipt)
    place = changed["document"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    page = checked(cast, json.dumps(changed))
    assert "The signature does not hold" in page
    assert "on record here" not in page


def test_a_receipt_whose_key_goes_by_another_name_is_none(cast: Cast, receipt: str) -> None:
    changed = receipt.replace('"public_key"', '"public_kea"')
    assert changed != receipt
    assert check_receipt(changed, keys={cast.house.signer.public_key}).verdict is Verdict.UNREADABLE


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_single_changed_character_goes_unnoticed(cast: Cast, receipt: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(receipt) - 2))
    other = data.draw(st.sampled_from('abcdef0123456789{}[]",: x'))
    changed = receipt[:place] + other + receipt[place + 1 :]
    check = check_receipt(changed, keys={cast.house.signer.public_key})
    try:
        same = json.loads(changed) == json.loads(receipt)  # a blank between two keys says nothing
    except ValueError:
        same = False
    assert (check.verdict is Verdict.GENUINE) is same


@pytest.mark.parametrize(
    "text",
    [
        "no receipt", "[]", "{}", "null", '{"document": {}, "signature": ""}', '{"document": [], "signature": "00"}',
        '{"document": {"format": "receipt 1"}, "signature": 5}', "[" * 50_000, '{"a": 1, "a": 2}', "1" * 5_000,
        '{"document": {"format": "receipt 2"}, "signature": "00"}', "x" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_said_to_be_none(cast: Cast, text: str) -> None:
    assert check_receipt(text, keys={cast.house.signer.public_key}).verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    "document",
    [
        {"format": "receipt 1", "size": 1.5},
        {"format": "receipt 1", "name": "\ud800"},
        {"format": "receipt 1", "deep": json.loads("[" * 800 + "]" * 800)},
    ],
)
def test_a_document_that_we_never_wrote_does_not_hold(cast: Cast, document: dict[str, object]) -> None:
    key = cast.house.signer.public_key
    text = json.dumps({"document": document, "signature": "00" * 64, "public_key": key})
    check = check_receipt(text, keys={key})
    assert check.verdict is Verdict.CHANGED
    assert check.document == {}


def test_a_receipt_of_another_installation_is_told_from_a_forged_one(cast: Cast, receipt: str, tmp_path: Path) -> None:
    other = Signer.kept_in(tmp_path / "other")
    document = json.loads(receipt)["document"]
    foreign = {"document": document, "signature": other.sign(document), "public_key": other.public_key}
    assert "it was given out by another installation" in checked(cast, json.dumps(foreign))
    foreign["public_key"] = cast.house.signer.public_key
    assert "The signature does not hold" in checked(cast, json.dumps(foreign))


def test_a_signed_submission_that_is_not_on_record_raises_an_alarm(cast: Cast, receipt: str) -> None:
    with cast.house.database.transaction() as session:
        session.execute(delete(Receipt))
    page = checked(cast, receipt)
    assert "But the submission is not on record here. That must never be" in page


def test_the_program_on_the_page_verifies_the_receipt_without_the_site(
    cast: Cast, receipt: str, tmp_path: Path
) -> None:
    page = cast.browser().get("/receipts/key").get_data(as_text=True)
    found = re.search(r"<pre><code>(.+?)</code></pre>", page, re.DOTALL)
    assert found is not None
    program = html.unescape(found[1])
    (tmp_path / "receipt.json").write_text(receipt, encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout == "genuine: trial-0001 2026-03-02T09:00:00.000000Z\n", run.stderr
    (tmp_path / "receipt.json").write_text(receipt.replace("trial-0001", "trial-0009"), encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "InvalidSignature" in run.stderr


def test_the_signed_text_is_the_canonical_form_of_the_document(cast: Cast, receipt: str) -> None:
    page = cast.browser(cast.person("Ada")).get("/submissions/trial-0001/receipt").get_data(as_text=True)
    assert (
        html.escape(canonical(json.loads(receipt)["document"]).decode(), quote=True).replace("&quot;", "&#34;") in page
    )
