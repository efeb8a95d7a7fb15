"""An admin brings a bundle, reads what becomes of it, fills the gaps, and has a draft; the original stays."""

import hashlib
import io
import json
from html import unescape

import pytest
from sqlalchemy import select

from challenge.calls import queries
from challenge.calls.importing.writing import write_call
from challenge.calls.states import CallState
from challenge.commands.clearing import clear_files
from challenge.foundation.audit import AuditLine
from tests.cast import Browser, Cast
from tests.challenge.calls.importing.staging_bundles import ROOMS, filled, read, zip_of

TIDES = ROOMS["Codabench v2"]["full"]


def bring(browser: Browser, content: bytes, name: str = "tides.zip", **said: str) -> str:
    """Bring a bundle, and return the address of what becomes of it."""
    answer = browser.post("/calls/import", {"bundle": (io.BytesIO(content), name), "zone": "", **said})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def words_of(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def test_the_page_shows_what_becomes_of_every_key(cast: Cast) -> None:
    browser, content = cast.browser(cast.admin()), zip_of(TIDES)
    page = words_of(browser, bring(browser, content))
    for said in (
        hashlib.sha256(content).hexdigest(),
        "<dt>Format</dt><dd>Codabench v2</dd>",
        "from 2026-03-28T23:59:00+01:00 to 2026-03-29T03:01:00+02:00; 40 submissions",
        "Error (lower is better), Skill (higher is better)",
        "Models run in the engines of this platform.",
        "The text holds what acts on its reader (1 × address that runs). Only its words are taken.",
    ):
        assert said in page
    for row in read(TIDES).report.rows:
        assert f"<code>{row.key}</code>" in page or not row.key
        assert row.words in page
    assert "/calls/import" in words_of(browser, "/calls/new")


def test_the_texts_of_the_bundles_pages_can_be_read(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    files = {**TIDES, "overview.md": "# Tides\n\nOf the &lt;script&gt;alert(1)&lt;/script&gt; North."}
    page = browser.get(bring(browser, zip_of(files))).get_data(as_text=True)
    assert "<summary>Overview</summary>" in page
    assert "# Tides\n\nOf the &lt;script&gt;alert(1)&lt;/script&gt; North.</pre>" in page
    assert "<summary>Terms</summary>" in page
    assert "The texts are cut here" not in page
    page = browser.get(
        bring(browser, zip_of({**TIDES, "overview.md": " ".join(f"North {n * n}" for n in range(16_000))}))
    ).get_data(as_text=True)
    assert page.count("North ") < 16_000
    assert "The texts are cut here" in page


def test_gaps_are_named_until_they_are_filled_and_then_there_is_a_draft(cast: Cast) -> None:
    browser, content = cast.browser(cast.admin()), zip_of(TIDES)
    place = bring(browser, content)
    draft = read(TIDES).draft
    assert draft is not None
    sha256 = hashlib.sha256(content).hexdigest()
    written = write_call(draft, original=sha256)
    answer = browser.post(place, {"source": written.text})
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert f"{len(written.gaps)} things to mend" in page
    assert all(f"<code>{gap.key}</code>" in page for gap in written.gaps)
    assert written.text.strip() in page  # what was sent is in the field again
    answer = browser.post(place, {"source": filled(written)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/calls/tides-of-the-north/manage")
    with cast.house.database.reading() as session:
        call = queries.call_by_key(session, "tides-of-the-north")
        assert (call.state, call.title) == (CallState.DRAFT, "Tides of the North")
        line = session.scalars(select(AuditLine).order_by(AuditLine.number.desc())).first()
        assert line is not None
        assert (line.verb, line.subject) == ("import_call", "call tides-of-the-north")
        assert json.loads(line.particulars)["original"] == sha256
    assert cast.house.files.is_whole(sha256)


@pytest.mark.parametrize("named", [True, False], ids=["as written", "with the line that names it removed"])
def test_the_original_is_kept_as_long_as_the_call(cast: Cast, named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, content = cast.browser(cast.admin()), zip_of(TIDES)
    place, other = bring(browser, content), zip_of(ROOMS["EvalAI"]["full"])
    bring(browser, other)
    draft = read(TIDES).draft
    assert draft is not None
    sha256 = hashlib.sha256(content).hexdigest()
    text = filled(write_call(draft, original=sha256))
    assert browser.post(place, {"source": text if named else text.partition("\n")[2]}).status_code == 303
    ages = {sha256: 10.0, hashlib.sha256(other).hexdigest(): 10.0}
    monkeypatch.setattr("challenge.foundation.files.time.time", lambda: 4e9)  # long after both were put
    clear_files(cast.house, days=1, dry=False)
    assert [cast.house.files.has(name) for name in ages] == [True, False]


def test_a_bundle_with_errors_has_a_report_and_no_draft(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    text = TIDES["competition.yaml"].replace("2026-03-28T23:59:00+01:00", "2026-03-28")
    content = zip_of({**TIDES, "competition.yaml": text})
    place = bring(browser, content)
    page = words_of(browser, place)
    assert "'2026-03-28' has no time of day." in page
    assert "No draft can be made yet: 1 thing to mend." in page
    assert "Make the draft call" not in page
    answer = browser.post(place, {"source": "key: x"})
    assert answer.status_code == 422
    assert "Errors leave no draft of this bundle." in answer.get_data(as_text=True)
    page = words_of(browser, bring(browser, content, zone="Europe/Brussels", opens_at="23:59"))
    assert "Make the draft call" in page
    assert "from 2026-03-28 23:59:00+01:00 to 2026-03-29T03:01:00+02:00" in page
    assert "'2026-03-28' says no time of day; it is read as 23:59, as was said at the import." in page


def test_a_configuration_alone_and_a_task_file_are_read(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    conf = ROOMS["Hugging Face competitions"]["full"]["conf.json"].encode()
    assert "Hugging Face competitions" in words_of(browser, bring(browser, conf, "conf.json"))
    task = ROOMS["LM Evaluation Harness"]["choices"]["heron_questions.yaml"].encode()
    page = words_of(browser, bring(browser, task, "heron.yaml"))
    assert "Beginning of the suite Heron questions" in page
    assert 'choices: [" A", " B"]' in page


def test_hostile_words_stand_on_the_page_as_words(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    files = {
        **TIDES,
        "competition.yaml": TIDES["competition.yaml"].replace("title: Tides of the North", 'title: "</textarea><script>alert(1)</script>Tides &lt;script&gt;alert(2)"')
        + '"<script>alert(3)</script>": "<img src=x onerror=alert(4)>"\n',
        "<img src=x onerror=alert(5)>.txt": "x",
    }  # fmt: skip
    answer = browser.get(bring(browser, zip_of(files), "<script>alert(6)</script>.zip"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("</textarea>") == 1
    assert "&lt;script&gt;alert(6)" in page


def test_scripts_in_a_prompt_are_the_words_of_the_prompt(cast: Cast) -> None:
    task = ROOMS["LM Evaluation Harness"]["choices"]["heron_questions.yaml"]
    changed = task.replace(
        'doc_to_text: "', 'doc_to_text: "</pre><script>alert(1)</script><img src=x onerror=alert(2)>'
    )
    browser = cast.browser(cast.admin())
    page = browser.get(bring(browser, changed.encode(), "heron.yaml")).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_is_refused_is_told_beside_the_field(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    for fields, sentence in (
        ({}, "Choose the bundle: a zip, or its configuration."),
        (
            {"bundle": (io.BytesIO(b"PK\x03\x04 broken"), "a.zip"), "zone": ""},
            "This bundle is not read: not a zip archive",
        ),
        ({"bundle": (io.BytesIO(zip_of({"../out.yaml": "x"})), "a.zip"), "zone": ""}, "must not leave its folder"),
        ({"bundle": (io.BytesIO(b"x" * 300_000), "a.yaml"), "zone": ""}, "a configuration has at most 256,000"),
        ({"bundle": (io.BytesIO(b"a: 1"), "a.yaml"), "zone": "Middle/Earth"}, "Not a valid choice"),
        (
            {"bundle": (io.BytesIO(b"a: 1"), "a.yaml"), "zone": "", "opens_at": "24:00"},
            "'24:00' is no time of day. Write one such as 23:59.",
        ),
        (
            {"bundle": (io.BytesIO(b"a: 1"), "a.yaml"), "zone": "", "closes_at": "9:00"},
            "'9:00' is no time of day. Write one such as 23:59.",
        ),
    ):
        answer = browser.post("/calls/import", fields)
        assert answer.status_code == 422
        assert sentence in unescape(answer.get_data(as_text=True))


def test_only_a_bundle_that_was_brought_can_be_looked_at(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    place = bring(browser, zip_of(TIDES))
    for wrong in ("/calls/import/none", f"{place}x", "/calls/import/" + hashlib.sha256(b"").hexdigest()):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong, {"source": "x"}).status_code == 404
    for who in (None, cast.person("Ada"), cast.judge(), cast.auditor()):
        other = cast.browser(who)
        assert other.get(place).status_code == (303 if who is None else 403)
        assert other.post(place, {"source": "x"}).status_code == 403
        assert other.post("/calls/import", {}).status_code == 403


def test_no_call_can_be_called_import(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    answer = browser.post("/calls/new", {"source": "key: import\n"})
    assert "'import' is taken by a page of this site." in unescape(answer.get_data(as_text=True))
