"""The log as a file is enough to check it without the site; its page leads through all of it."""

import hashlib
import json
import re

import pytest
from sqlalchemy import text

from challenge.foundation.audit import BEGINNING, AuditHead, AuditLine, line_hash
from challenge.foundation.permits import Actor
from tests.cast import Cast
from tests.challenge.standings.harvest import stage_field

FIELDS = ("before", "number", "at", "account_id", "actor_name", "verb", "subject", "particulars")


def first_break(lines: list[dict[str, object]]) -> int | None:
    """Return the number of the first line that does not hold, reckoned from the file alone."""
    before = "0" * 64
    for place, line in enumerate(lines, start=1):
        said = [*(line[name] for name in FIELDS), *([line["salt"]] if line["salt"] else [])]
        told = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        if line["number"] != place or line["before"] != before:
            return place
        if line["hash"] != hashlib.sha256(told.encode()).hexdigest():
            return place
        before = str(line["hash"])
    return None


def downloaded(cast: Cast, auditor: Actor | None = None) -> list[dict[str, object]]:
    """Return the lines of the log as an auditor downloads them."""
    said = cast.browser(auditor or cast.auditor()).get("/audit.jsonl").get_data(as_text=True)
    return [json.loads(line) for line in said.removesuffix("\n").split("\n")]


def test_the_file_holds_without_the_site(cast: Cast) -> None:
    field = stage_field(cast, {"Ünïcode & <Söhne>": 5, "Birch": 4})
    field.rebuild()
    field.publish()
    cast.browser(cast.person("Å\u2028B"))
    lines = downloaded(cast)
    assert len(lines) > 5
    assert first_break(lines) is None


@pytest.mark.parametrize("column", ["actor_name", "verb", "subject", "particulars", "salt"])
def test_the_file_of_a_changed_log_does_not_hold(cast: Cast, column: str) -> None:
    stage_field(cast, {"Alder": 5}).rebuild()
    cast.auditor()
    with cast.house.database.transaction() as session:
        session.execute(text(f"UPDATE audit_lines SET {column} = 'changed' WHERE number = 2"))  # noqa: S608
    assert first_break(downloaded(cast)) == 2


def test_the_page_says_how_to_check_the_file(cast: Cast) -> None:
    said = cast.browser(cast.auditor()).get("/audit").get_data(as_text=True)
    for name in (*FIELDS, "salt"):
        assert f"<code>{name}</code>" in said


def test_lines_from_before_there_were_salts_hold_as_they_were_written(cast: Cast) -> None:
    agnes = cast.auditor()
    with cast.house.database.transaction() as session:
        lines = session.query(AuditLine).order_by(AuditLine.number).all()
        before = BEGINNING
        for line in lines:
            line.before, line.salt = before, ""
            before = line.hash = line_hash(line)
        session.query(AuditHead).one().hash = before
    assert first_break(downloaded(cast, agnes)) is None


def test_older_lines_are_a_page_away(cast: Cast) -> None:
    for number in range(70):
        cast.browser(cast.person(f"Person {number}"))
    auditor, seen = cast.browser(cast.auditor()), []
    address = "/audit"
    while address:
        said = auditor.get(address).get_data(as_text=True)
        seen += [int(number) for number in re.findall(r'<th scope="row" class="number">(\d+)</th>', said)]
        older = re.search(r'href="([^"]+)">Older lines</a>', said)
        address = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == list(range(max(seen), 0, -1))
    assert len(seen) > 70


@pytest.mark.parametrize("subject", ["%", "_ccount", "account%"])
def test_a_filter_is_text_and_no_pattern(cast: Cast, subject: str) -> None:
    cast.person("Ada")
    said = cast.browser(cast.auditor()).get("/audit", query_string={"subject": subject}).get_data(as_text=True)
    assert "No line fits." in said


def test_a_filter_finds_the_lines_of_one_thing(cast: Cast) -> None:
    number = cast.judge().account_id
    said = (
        cast.browser(cast.auditor()).get("/audit", query_string={"subject": f"account {number}"}).get_data(as_text=True)
    )
    assert "<td>grant role</td>" in said
    assert "No line fits." not in said


def test_what_people_typed_is_text_in_the_log(cast: Cast) -> None:
    cast.browser(cast.person("<b>Ada</b>"))
    auditor = cast.browser(cast.auditor())
    said = auditor.get("/audit", query_string={"subject": '"><script>'}).get_data(as_text=True)
    assert "<script>" not in said
    assert "<b>Ada" not in auditor.get("/audit").get_data(as_text=True)
    assert "&lt;b&gt;Ada&lt;/b&gt;" in auditor.get("/audit").get_data(as_text=True)
