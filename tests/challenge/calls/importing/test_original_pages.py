"""The original is given back to admins, to the byte; the report of a call's bundle can be read as long as the call."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from sqlalchemy import select

from challenge.archives.contents import FileKind, People, Wish
from challenge.calls import operations
from challenge.calls.callfile import parse_call
from challenge.calls.importing.originals import Original, original_in
from challenge.calls.importing.writing import write_call
from challenge.calls.records import Call
from challenge.calls.states import CallState
from tests.cast import Browser, Cast
from tests.challenge.archives.sites import write
from tests.challenge.calls.importing.staging_bundles import ROOMS, filled, read, zip_of
from tests.challenge.calls.importing.test_bundle_pages import bring, words_of
from tests.challenge.calls.staging import SOON
from tests.challenge.calls.staging import imported as plainly_imported

TIDES = ROOMS["Codabench v2"]["full"]
DAYS = TIDES["competition.yaml"].replace("2026-03-28T23:59:00+01:00", "2026-03-28")


def imported(browser: Browser, content: bytes, **said: str) -> str:
    """Bring a bundle, make a call of it, and return the address of its report before."""
    place = bring(browser, content, **said)
    page = unescape(browser.get(place).get_data(as_text=True))
    draft = read({**TIDES, "competition.yaml": DAYS}, said.get("zone"), said.get("opens_at", "")).draft
    assert draft is not None
    text = filled(write_call(draft, original=hashlib.sha256(content).hexdigest()))
    assert browser.post(place, {"source": text}).status_code == 303
    return re.search(r'<a href="([^"]+/original)">', page)[1]  # type: ignore[index]


def test_the_original_is_given_back_to_the_byte_and_never_opened_by_a_browser(cast: Cast) -> None:
    browser, content = cast.browser(cast.admin()), zip_of({**TIDES, "competition.yaml": DAYS})
    before = imported(browser, content, zone="Europe/Brussels", opens_at="23:59")
    for address in (before, "/calls/tides-of-the-north/bundle/original"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert answer.get_data() == content
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment; filename=tides.zip"
        assert answer.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'


def test_the_report_of_a_call_says_the_same_as_when_its_bundle_was_brought(cast: Cast) -> None:
    browser, content = cast.browser(cast.admin()), zip_of({**TIDES, "competition.yaml": DAYS})
    imported(browser, content, zone="Europe/Brussels", opens_at="23:59")
    assert "/calls/tides-of-the-north/bundle" in words_of(browser, "/calls/tides-of-the-north/manage")
    cast.clock.advance(timedelta(days=30))
    page = words_of(cast.browser(cast.admin()), "/calls/tides-of-the-north/bundle")
    assert "from 2026-03-28 23:59:00+01:00 to 2026-03-29T03:01:00+02:00; 40 submissions" in page
    assert "'2026-03-28' says no time of day; it is read as 23:59, as was said at the import." in page
    assert hashlib.sha256(content).hexdigest() in page
    assert "Make the draft call" not in page
    assert "<textarea" not in page
    for row in read({**TIDES, "competition.yaml": DAYS}).report.rows:
        assert not row.key or f"<code>{row.key}</code>" in page


def test_only_admins_see_the_bundle_of_a_call_and_a_call_of_no_bundle_has_none(cast: Cast) -> None:
    browser, content = cast.browser(cast.admin()), zip_of({**TIDES, "competition.yaml": DAYS})
    before = imported(browser, content, zone="Europe/Brussels", opens_at="23:59")
    call = plainly_imported(cast, cast.admin("Otto"))
    for who in (None, cast.person("Ada"), cast.judge(), cast.auditor()):
        other = cast.browser(who)
        for address in (before, "/calls/tides-of-the-north/bundle", "/calls/tides-of-the-north/bundle/original"):
            assert other.get(address).status_code == (303 if who is None else 403)
    for address in (f"/calls/{call.key}/bundle", f"/calls/{call.key}/bundle/original", "/calls/none/bundle"):
        assert browser.get(address).status_code == 404
    assert "Made from" not in words_of(browser, f"/calls/{call.key}/manage")
    page = words_of(cast.browser(cast.auditor()), "/calls/tides-of-the-north/manage")
    assert "the bundle tides.zip" in page
    assert "/bundle" not in page


def test_once_a_call_is_open_its_original_is_in_its_archives_alone(cast: Cast) -> None:
    browser, content = cast.browser(cast.admin()), zip_of({**TIDES, "competition.yaml": DAYS})
    imported(browser, content, zone="Europe/Brussels", opens_at="23:59")
    with cast.house.database.transaction() as session:
        call = session.scalars(select(Call)).one()
        call.state, call.opened_at = CallState.OPEN, cast.now
    answer = browser.get(f"/calls/{call.key}/bundle/original")
    assert (answer.status_code, "The bundle may hold hidden answers" in answer.get_data(as_text=True)) == (403, True)
    page = browser.get(f"/calls/{call.key}/bundle").get_data(as_text=True)
    assert "in the call’s archives" in page
    assert f'href="/calls/{call.key}/bundle/original"' not in page
    manifest = write(cast.house, cast.house.settings.instance / "call.zip", Wish(People.NAMES), call.key)
    [original] = [file for file in manifest.there if file.sha256 == hashlib.sha256(content).hexdigest()]
    assert original.kinds == (FileKind.LABELS,)


def test_a_name_with_odd_characters_is_given_back_safely(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    place = bring(browser, zip_of(TIDES), '../"tide\u202es\r\nX: y".zip')
    page = unescape(browser.get(place).get_data(as_text=True))
    answer = browser.get(re.search(r'<a href="([^"]+/original)">', page)[1])  # type: ignore[index]
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename=")
    assert "\u202e" not in said
    assert "/" not in said.replace("UTF-8''", "")


def test_what_has_to_be_mended_stands_first_and_reasons_stand_once(cast: Cast) -> None:
    browser = cast.browser(cast.admin())
    text = TIDES["competition.yaml"].replace("sorting: asc", "sorting: sideways")
    page = words_of(browser, bring(browser, zip_of({**TIDES, "competition.yaml": text})))
    assert page.index("To mend in the bundle: 2 remarks") < page.index("To know: ")
    assert page.count("Who sees a board is decided at the board.") == 1
    assert page.count("Every entry has its page of scores, item by item.") == 1


def test_a_bundle_whose_name_was_not_noted_is_given_back_without_a_report(cast: Cast) -> None:
    admin, content = cast.admin(), TIDES["competition.yaml"].encode()
    stored = cast.house.files.put(io.BytesIO(content), limit=len(content))
    early = Original(stored.sha256, "", repeatable=False)
    assert early.noted() == {"original": stored.sha256}  # as lines of the log were before
    with cast.house.database.transaction() as session:
        call = operations.import_call(session, actor=admin, parsed=parse_call(SOON), now=cast.now, original=early)
        key = call.key
    browser = cast.browser(admin)
    assert "a bundle whose name was not noted" in words_of(browser, f"/calls/{key}/manage")
    page = words_of(browser, f"/calls/{key}/bundle")
    assert "the report of the import cannot be repeated here" in page
    assert stored.sha256 in page
    assert "No draft can be made yet" not in page
    assert "bring it again" not in page
    assert f'href="/calls/{key}/bundle/original"' in page
    assert browser.get(f"/calls/{key}/bundle/original").get_data() == content


def test_an_original_says_the_same_when_the_log_names_it_and_one_time_of_old_was_meant_for_both() -> None:
    original = Original("0" * 64, "tides.zip", "Europe/Brussels", "09:00", "23:59")
    assert original_in(original.noted()) == original
    said = {"name": "tides.zip", "zone": "Europe/Brussels", "time": "23:59"}
    assert original_in({"original": "0" * 64, "bundle": said}) == replace(original, opens_at="23:59")
