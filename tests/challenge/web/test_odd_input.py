"""Input that no page would send is answered like any other mistake, on either database, and breaks nothing."""

import io
import itertools

import pytest
from werkzeug.routing import Rule

from tests.cast import Cast
from tests.stage import stage_call, stage_submission, stage_team

HUGE = 2**31
FORMS = (
    ("/sign-in", ("email", "password")),
    ("/sign-up", ("email", "name", "password")),
    ("/account", ("old", "new")),
    ("/receipts/check", ("receipt",)),
    ("/calls/trial/enter", ("name", "registration", "experience")),
    ("/teams/1/facts", ("name", "registration", "experience")),
)


def routes(cast: Cast, kind: str) -> list[tuple[str, Rule]]:
    """Return every address that has a part of a kind, filled with something odd, for GET."""
    odd = {"UnicodeConverter": "a\0b", "Number": HUGE}
    found = []
    for rule in cast.app.url_map.iter_rules():
        converters = {name: type(converter).__name__ for name, converter in rule._converters.items()}
        if "GET" not in (rule.methods or ()) or kind not in converters.values():
            continue
        values = {name: odd.get(word, 1) for name, word in converters.items() if word in odd}
        others = {
            name: next(iter(getattr(rule._converters[name], "items", ["csv"])))
            for name, word in converters.items()
            if word not in odd and word != "PathConverter"
        }
        path = rule.rule
        for name, value in {**values, **others}.items():
            piece = next(part for part in path.split("<") if part.partition(">")[0].rpartition(":")[2] == name)
            path = path.replace(f"<{piece.partition('>')[0]}>", str(value).replace("\0", "%00"), 1)
        found.append((path, rule))
    return found


def test_numbers_that_no_row_can_have_lead_nowhere(cast: Cast) -> None:
    addresses = routes(cast, "Number")
    assert len(addresses) > 10
    visitor, admin = cast.browser(), cast.browser(cast.admin())
    nowhere = {404, 405}  # the router says 405 where another route of that address takes forms
    wrong = [
        path for path, _ in addresses if not {visitor.get(path).status_code, admin.get(path).status_code} <= nowhere
    ]
    assert wrong == []


def test_characters_that_no_database_keeps_lead_nowhere(cast: Cast) -> None:
    addresses = routes(cast, "UnicodeConverter")
    assert len(addresses) > 10
    admin = cast.browser(cast.admin())
    assert [path for path, _ in addresses if admin.get(path).status_code != 404] == []


@pytest.mark.parametrize("query", ["verb=%00", "subject=a%00b", "before=%00"])
def test_a_filter_that_no_database_understands_leads_nowhere(cast: Cast, query: str) -> None:
    assert cast.browser(cast.auditor()).get(f"/audit?{query}").status_code == 404


@pytest.mark.parametrize("before", ["9" * 30, "9" * 5000, "-1", "x", ""])
def test_a_page_of_the_log_that_is_not_there_is_answered(cast: Cast, before: str) -> None:
    assert cast.browser(cast.auditor()).get(f"/audit?before={before}").status_code == 200


def test_a_text_with_a_character_that_no_database_keeps_is_refused_in_its_field(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    stage_submission(cast, stage_team(cast, call, "Alpha", ada), ada, 1)
    bo = cast.person("Bo")
    for (path, fields), who in itertools.product(FORMS, (None, ada, bo)):
        browser = cast.browser(who)
        browser.get(path)
        for field in fields:
            answer = browser.post(path, {**dict.fromkeys(fields, "x@y.example"), field: "a\0b@y.example"})
            assert answer.status_code in {303, 403, 404, 422}, (path, field)
            if answer.status_code == 422:
                assert "The text holds control characters; type it instead of pasting it." in answer.get_data(
                    as_text=True
                )


def test_an_upload_whose_name_is_odd_is_no_reason_to_break(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    stage_team(cast, call, "Alpha", ada)
    browser = cast.browser(ada)
    browser.get("/calls/trial/submit")
    for name in ("a\0b.csv", "../../etc/passwd", "x" * 3000 + ".csv", "", "“”.csv", "a\r\nb.csv"):
        sent = {
            "csrf_token": browser.token, "title": "Entry", "abstract": "What it is.", "declared_licence": "MIT",
            "route": "publication", "doi": "10.5281/zenodo.1", "confirmed": "y",
            "predictions": (io.BytesIO(b"task,item,prediction\n"), name),
        }  # fmt: skip
        answer = browser.client.post("/calls/trial/submit", data=sent)
        assert answer.status_code in {200, 303, 400, 403, 422}, name
