"""The pages of calls: what everybody reads, what only the office reads, and what an admin does there."""

import hashlib
import io
import zipfile
from datetime import timedelta
from html import unescape

from challenge.calls import queries
from challenge.calls.states import CallState
from challenge.foundation.permits import Actor
from tests.cast import Browser, Cast
from tests.challenge.calls.staging import SECRET, SOON, imported, opened, suite_zip, with_suite


def words_of(browser: Browser, path: str) -> str:
    """Return a page as text with single blanks, which must be there."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def people_of(cast: Cast) -> dict[str, Actor | None]:
    """Return one person of each kind."""
    return {
        "visitor": None, "team": cast.person("Ada"), "judge": cast.judge(), "auditor": cast.auditor(), "admin": cast.admin(),
    }  # fmt: skip


def test_everybody_reads_an_open_call(cast: Cast) -> None:
    opened(cast, cast.admin())
    page = words_of(cast.browser(), "/calls/soon")
    for said in (
        "EUR 1,000,000",
        "4,000,000",
        "2 November 2026, 17:00 CET (16:00 UTC)",
        "closes in 245 days",
        "the 27 countries of the European Union, Albania,",
        "fewer than 250 persons",
        "In total an entry needs 10.0 of 15.",
        "Topics of notices",
        "accuracy, higher is better",
        "95% confidence, from 10,000 resamplings of the items with the seed 20260901",
        "the marks for “Excellence”; the marks for “Innovation and impact”; a country that no winner comes from yet; and at last a vote of the panel",
        "within 12 months of the start of access",
        'href="/calls/soon/enter"',
        'href="/calls/soon/submit"',
        "they stand since the call opened on",
    ):
        assert said in page
    assert "Large AI Grand Challenge 2026" in words_of(cast.browser(), "/calls")


def test_the_page_of_a_call_follows_its_calendar(cast: Cast) -> None:
    opened(cast, cast.admin())
    cast.clock.advance(timedelta(days=245, hours=7) - timedelta(microseconds=1))
    assert 'href="/calls/soon/submit"' in words_of(cast.browser(), "/calls/soon")
    cast.clock.advance(timedelta(microseconds=1))
    page = words_of(cast.browser(), "/calls/soon")
    assert 'href="/calls/soon/submit"' not in page
    assert 'href="/calls/soon/enter"' not in page
    assert "closes in 21 days" in page
    cast.clock.advance(timedelta(days=900))
    assert "All phases of this call are over." in words_of(cast.browser(), "/calls/soon")


def test_a_draft_is_known_to_the_office_alone(cast: Cast) -> None:
    with_suite(cast, cast.admin(), imported(cast, cast.admin()))
    paths = ("", "/rules", "/rules.yaml", "/rules.json", "/suites/tabular/starter.zip")
    for kind, who in people_of(cast).items():
        browser = cast.browser(who)
        known = kind in {"auditor", "admin"}
        assert ("Large AI" in words_of(browser, "/calls")) is known
        for path in paths:
            answer = browser.get(f"/calls/soon{path}")
            assert answer.status_code == (200 if known else 404), (kind, path)
            assert known or "Large AI" not in answer.get_data(as_text=True)


def test_every_way_to_change_a_call_is_closed_to_all_but_admins(cast: Cast) -> None:
    imported(cast, cast.admin())
    for kind, who in people_of(cast).items():
        browser = cast.browser(who)
        codes = {"visitor": 303, "team": 403, "judge": 403, "auditor": 403, "admin": 200}
        assert browser.get("/calls/new").status_code == codes[kind]
        assert browser.get("/calls/soon/manage").status_code == (200 if kind == "auditor" else codes[kind])
        if kind == "admin":
            continue
        for path in (
            "/calls/new",
            "/calls/soon/versions",
            "/calls/soon/suites",
            "/calls/soon/open",
            "/calls/soon/freeze",
        ):
            assert browser.post(path).status_code == 403, (kind, path)


def test_an_admin_brings_a_call_from_file_to_opening(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    answer = browser.post("/calls/new", {"source": SOON})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/calls/soon/manage")
    page = words_of(browser, "/calls/soon/manage")
    assert "Add the suite tabular first." in page
    assert "missing" in page
    assert browser.post("/calls/soon/open").status_code == 403
    upload = {"suite": "tabular", "archive": (io.BytesIO(suite_zip()), "small.zip")}
    assert browser.post("/calls/soon/suites", upload).status_code == 303
    assert browser.post("/calls/soon/open").status_code == 303
    page = words_of(browser, "/calls/soon/manage")
    assert "Submissions are taken until 2 November 2026, 17:00 CET, and an upload that began in time may" in page
    assert "The rules of a call stand from its opening on; they cannot be changed any more." in page
    assert browser.post("/calls/soon/freeze").status_code == 403
    assert browser.post("/calls/soon/versions", {"source": SOON + "\n# more"}).status_code == 403
    cast.clock.advance(timedelta(days=246))
    assert cast.browser(cast.admin()).post("/calls/soon/freeze").status_code == 303
    with cast.house.database.reading() as session:
        assert queries.call_by_key(session, "soon").state is CallState.FROZEN


def test_a_wrong_file_comes_back_with_its_problems_and_its_text(cast: Cast) -> None:
    wrong = SOON.replace("17:00 CET\n    submissions", "17:00 CEST\n    submissions").replace(
        "winners: 4", "winners: <b>"
    )
    browser = cast.browser(cast.admin())
    for fields in ({"source": wrong}, {"file": (io.BytesIO(wrong.encode()), "call.yaml")}):
        answer = browser.post("/calls/new", fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "2 things to mend" in page
        assert "phases[0].closes" in page
        assert "on 2 November 2026 it is on CET" in page
        assert "<b>" not in page
        assert "closes: 2 November 2026, 17:00 CEST" in page  # what was sent is in the field again
    with cast.house.database.reading() as session:
        assert queries.all_calls(session, drafts=True) == []


def test_a_new_version_is_imported_where_the_old_one_is_managed(cast: Cast) -> None:
    imported(cast, cast.admin())
    browser = cast.browser(cast.admin())
    answer = browser.post("/calls/soon/versions", {"source": SOON.replace("winners: 4", "winners: 0")})
    assert answer.status_code == 422
    assert "selection.winners" in answer.get_data(as_text=True)
    answer = browser.post("/calls/soon/versions", {"source": SOON.replace("key: soon", "key: later")})
    assert answer.status_code == 422
    assert "Write key: soon to make it a version of this one." in answer.get_data(as_text=True)
    assert browser.post("/calls/soon/versions", {"source": SOON.replace("winners: 4", "winners: 3")}).status_code == 303
    assert "Version 2" in words_of(browser, "/calls/soon/manage")


def test_what_is_no_call_file_is_refused(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    for fields, sentence in (
        ({}, "Choose a call file, or paste its text."),
        ({"file": (io.BytesIO(b"\xff\xfe\x00"), "call.yaml")}, "The file is not text in UTF-8. Save it as UTF-8"),
        ({"source": "x" * 300_000}, "Field cannot be longer than 256000 characters."),
        ({"file": (io.BytesIO(b"a: " + b"x" * 300_000), "call.yaml")}, "The file is larger than 256 kB."),
    ):
        answer = browser.post("/calls/new", fields)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)


def test_a_wrong_suite_is_refused_beside_its_field(cast: Cast) -> None:
    imported(cast, cast.admin())
    browser = cast.browser(cast.admin())
    answer = browser.post("/calls/soon/suites", {"suite": "tabular", "archive": (io.BytesIO(b"nothing"), "x.zip")})
    assert answer.status_code == 422
    assert "The file is not a zip archive." in unescape(answer.get_data(as_text=True))
    answer = browser.post("/calls/soon/suites", {"suite": "tabular"})
    assert "Choose the zip of the suite." in answer.get_data(as_text=True)


def test_former_versions_stay_in_the_office(cast: Cast) -> None:
    imported(cast, cast.admin())
    imported(cast, cast.admin(), SOON.replace("1,000,000.00", "900,000.00"))
    call = imported(cast, cast.admin())  # back to the first: a third version
    with_suite(cast, cast.admin(), call)
    assert cast.browser(cast.admin()).post("/calls/soon/open").status_code == 303
    for kind, who in people_of(cast).items():
        in_office = kind in {"auditor", "admin"}
        browser = cast.browser(who)
        page = words_of(browser, "/calls/soon/rules")
        assert ("900,000" in page, "Versions" in page) == (False, in_office)
        for path in (
            "/calls/soon/rules?version=2",
            "/calls/soon/rules.json?version=2",
            "/calls/soon/rules.yaml?version=2",
        ):
            assert browser.get(path).status_code == (200 if in_office else 404), (kind, path)
    assert cast.browser(cast.admin()).get("/calls/soon/rules?version=9").status_code == 404
    assert "This is version 2." in words_of(cast.browser(cast.auditor()), "/calls/soon/rules?version=2")


def test_the_digest_is_that_of_the_file_one_downloads(cast: Cast) -> None:
    call = opened(cast, cast.admin())
    with cast.house.database.reading() as session:
        digest = queries.version_of(session, call).digest
    answer = cast.browser().get("/calls/soon/rules.json")
    assert hashlib.sha256(answer.data).hexdigest() == digest
    assert answer.headers["Content-Disposition"] == "attachment; filename=soon-version-1.json"
    assert digest in words_of(cast.browser(), "/calls/soon")
    assert cast.browser().get("/calls/soon/rules.yaml").get_data(as_text=True) == SOON


def test_no_hidden_label_leaves_the_house(cast: Cast) -> None:
    opened(cast, cast.admin())
    for kind, who in people_of(cast).items():
        browser = cast.browser(who)
        for path in (
            "/calls",
            "/calls/soon",
            "/calls/soon/rules",
            *(["/calls/soon/manage"] if kind in {"admin", "auditor"} else []),
        ):
            assert SECRET not in words_of(browser, path)
    answer = cast.browser().get("/calls/soon/suites/tabular/starter.zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=soon-tabular-starter.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        rows = archive.read("items/topic.csv").decode().splitlines()[1:]
    assert sum(row.endswith(",") for row in rows) == 6


def test_a_starter_that_is_not_there_is_not_found(cast: Cast) -> None:
    opened(cast, cast.admin())
    assert cast.browser().get("/calls/soon/suites/other/starter.zip").status_code == 404
    assert cast.browser().get("/calls/none").status_code == 404
