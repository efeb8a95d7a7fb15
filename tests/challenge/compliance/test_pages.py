"""The licence desk and the page of one examination, for everybody who may come and nobody else."""

from collections.abc import Callable

import pytest

from challenge.compliance import queries
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Actor
from tests.challenge.compliance.packages import Bureau, licence, package
from tests.stage import stage_team

REASON = "The text was changed in its title only; the licence stands."
DOUBTFUL = {"LICENSE": licence("Apache-2.0") + "\nNot for use in advertising.\n"}


def page(bureau: Bureau, who: Actor | None, path: str) -> tuple[int, str]:
    """Open a page as somebody."""
    answer = bureau.cast.browser(who).get(path)
    return answer.status_code, " ".join(answer.get_data(as_text=True).split())


PEOPLE: dict[str, Callable[[Bureau], Actor | None]] = {
    "visitor": lambda bureau: None,
    "captain": lambda bureau: bureau.captain,
    "other team": lambda bureau: _rival(bureau),
    "judge": lambda bureau: bureau.cast.judge(),
    "auditor": lambda bureau: bureau.cast.auditor(),
    "admin": lambda bureau: bureau.cast.admin(),
}


def _rival(bureau: Bureau) -> Actor:
    rival = bureau.cast.person("Bo")
    stage_team(bureau.cast, bureau.call, "Birch Models", rival)
    return rival


@pytest.mark.parametrize(
    ("who", "desk", "examination", "decision"),
    [
        ("visitor", 303, 303, 403),
        ("captain", 403, 200, 403),
        ("other team", 403, 404, 403),
        ("judge", 403, 404, 403),
        ("auditor", 200, 200, 403),
        ("admin", 200, 200, 303),
    ],
)
def test_who_may_come_to_which_page(bureau: Bureau, who: str, desk: int, examination: int, decision: int) -> None:
    bureau.examined(package(DOUBTFUL))
    reader = PEOPLE[who](bureau)
    assert page(bureau, reader, "/compliance")[0] == desk
    code, text = page(bureau, reader, "/compliance/trial-0001")
    assert code == examination
    assert ("not for use in advertising" in text) is (examination == 200)
    sent = {"verdict": "compliant", "reason": REASON}
    assert bureau.cast.browser(reader).post("/compliance/trial-0001", sent).status_code == decision


@pytest.mark.parametrize("reference", ["trial-0002", "no such thing", "trial-0001%00", "%F0%9F%A6%A6"])
def test_what_is_not_there_is_not_found(bureau: Bureau, reference: str) -> None:
    bureau.examined(package())
    assert page(bureau, bureau.cast.admin(), f"/compliance/{reference}")[0] == 404


def test_the_page_shows_the_evidence_with_its_place_and_remedy(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    line = licence("Apache-2.0").count("\n") + 2
    assert (
        f"Line {line:,}: The text is near Apache-2.0 and differs from it: added “not for use in advertising”." in text
    )
    assert "What to do: Restore the text of Apache-2.0 as published" in text
    assert "<h3><code>LICENSE</code></h3>" in text
    assert "<h3>The submission as a whole</h3>" in text
    assert "Apache-2.0 is declared, and its text is not in the package as it stands." in text
    assert "The licence alone does not say whether the exemption for open models of Article 53(2)" in text
    assert "None; the platform’s verdict is in force." in text


def test_until_it_is_examined_the_page_says_that_it_waits(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    for ask in (False, True):
        if ask:
            bureau.asked(submission)
        _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
        assert "The package waits to be examined." in text
        code, _ = page(bureau, bureau.cast.admin(), "/compliance/trial-0001")
        assert code == 200
    office = bureau.cast.browser(bureau.cast.admin())
    answer = office.post("/compliance/trial-0001", {"verdict": "compliant", "reason": REASON})
    assert answer.status_code == 403
    assert "The platform has not examined the package yet; wait for its verdict." in answer.get_data(as_text=True)


def test_an_officer_decides_and_the_team_reads_why(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    office = bureau.cast.browser(bureau.cast.admin())
    answer = office.post("/compliance/trial-0001", {"verdict": "compliant", "reason": REASON})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/compliance/trial-0001")
    assert "Your decision is in force, and the team has been told." in office.get("/desk").get_data(as_text=True)
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    assert "as an officer decided; the platform said needs review" in text
    assert REASON in text
    assert "(in force)" in text
    assert "Put the decision on record" not in text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"reason": REASON}, "Choose a verdict."),
        ({"verdict": "needs_review", "reason": REASON}, "Not a valid choice."),
        ({"verdict": "compliant", "reason": ""}, "Give the reason."),
        ({"verdict": "compliant", "reason": "Fine."}, "Give a reason of at least 10 characters"),
        ({"verdict": "compliant", "reason": "I had\x00 a good look."}, "The text holds control characters"),
    ],
)
def test_what_is_missing_from_a_decision_is_said_and_what_was_typed_kept(
    bureau: Bureau, sent: dict[str, object], sentence: str
) -> None:
    bureau.examined(package(DOUBTFUL))
    answer = bureau.cast.browser(bureau.cast.admin()).post("/compliance/trial-0001", sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in text
    assert str(sent["reason"])[:5] in text
    with bureau.cast.house.database.reading() as session:
        assert queries.verdict_in_force(session, 1) is LicenceVerdict.NEEDS_REVIEW


def test_an_admin_with_a_stake_reads_why_another_has_to_decide(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    rival = bureau.cast.admin("Rita")
    stage_team(bureau.cast, bureau.call, "Birch Models", rival)
    sentence = "You are a member of another team in this call; another admin has to decide."
    _, text = page(bureau, rival, "/compliance/trial-0001")
    assert sentence in text
    assert "Put the decision on record" not in text
    for sent in ({"verdict": "non_compliant", "reason": REASON}, {}):
        answer = bureau.cast.browser(rival).post("/compliance/trial-0001", sent)
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (403, True)


def test_the_desk_puts_what_waits_for_a_person_first(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    bureau.examined(package())
    bureau.asked(bureau.submission(package()))
    _, text = page(bureau, bureau.cast.admin(), "/compliance")
    in_doubt, others = text.split("All others")
    assert "trial-0001" in in_doubt
    assert "added “not for use in advertising”" in in_doubt
    assert "trial-0002" not in in_doubt
    assert others.index("trial-0003") < others.index("trial-0002")
    assert "not examined yet" in others
    assert "nothing that speaks against it" in others
    office = bureau.cast.browser(bureau.cast.admin())
    office.post("/compliance/trial-0001", {"verdict": "compliant", "reason": REASON})
    _, text = page(bureau, bureau.cast.auditor(), "/compliance")
    assert "Nothing is in doubt." in text
    assert "by an officer" in text


def test_a_desk_that_cannot_show_everything_says_so(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for changes in (DOUBTFUL, None, None):
        bureau.examined(package(changes))
    assert "At most" not in page(bureau, bureau.cast.admin(), "/compliance")[1]
    monkeypatch.setattr(queries, "MOST_ON_DESK", 2)
    _, text = page(bureau, bureau.cast.admin(), "/compliance")
    assert "At most 2 examinations are shown: those in doubt first, then the newest." in text
    assert ("trial-0001" in text, "trial-0002" in text, "trial-0003" in text) == (True, False, True)


def test_hostile_names_in_a_package_are_only_text(bureau: Bureau) -> None:
    bureau.examined(package({"<script>alert(1)</script>.pkl": b"x", "LICENSE": "<img src=x onerror=alert(1)> ask me"}))
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.pkl" in text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
