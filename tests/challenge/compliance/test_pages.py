"""The licence desk and the page of one examination, for everybody who may come and nobody else."""

import re
from collections.abc import Callable

import pytest

from challenge.compliance import pages, queries
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Actor
from tests.challenge.compliance.packages import REASON, Bureau, licence, package
from tests.stage import stage_team

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
    bureau.examined(package({**DOUBTFUL, "model.safetensors": None}))
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    line = licence("Apache-2.0").count("\n") + 2
    sentence = "The text is near Apache-2.0 and differs from it: added “not for use in advertising”."
    assert f"<li><code>LICENSE</code>, line {line}: {sentence}" in text
    assert "<strong>Restore the text of Apache-2.0 as published" in text
    mended, looked_at = text.index("Has to be mended"), text.index("A person looks at it, unless you mend it")
    assert mended < text.index("The package holds no model weights that can be read.") < looked_at
    assert looked_at < text.index(sentence)
    assert "cannot win: 2 points below have to be mended." in text
    assert "The licence is not free and open in the sense of Article 53(2) of the AI Act" in text
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


def test_one_officer_proposes_another_confirms_and_the_team_reads_why(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    office, second = (bureau.cast.browser(bureau.cast.admin(name)) for name in ("Olga", "Henrik"))
    answer = office.post("/compliance/trial-0001", {"verdict": "compliant", "reason": REASON})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/compliance/trial-0001")
    own = office.get("/compliance/trial-0001").get_data(as_text=True)
    assert "Your proposal is on record. It takes effect when another admin confirms it." in own
    assert "You proposed this decision; another admin has to confirm it or turn it down." in own
    assert "Withdraw your proposal" in own
    assert "Confirm: compliant" not in own
    assert REASON not in page(bureau, bureau.captain, "/compliance/trial-0001")[1], "the team sees no proposal"
    theirs = second.get("/compliance/trial-0001").get_data(as_text=True)
    assert REASON in theirs
    assert "Confirm: compliant" in theirs
    assert second.post("/compliance/trial-0001/confirm", named(theirs)).status_code == 303
    assert "The decision is in force, and the team has been told." in second.get("/desk").get_data(as_text=True)
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    assert "Officers decided so; the platform by itself said needs review." in text
    assert "proposed by Olga, confirmed by Henrik" in text
    assert REASON in text
    assert "(in force)" in text
    assert "Propose the decision" not in text


def named(text: str) -> dict[str, object]:
    """Return what the forms of a page send of the proposal that it shows."""
    [number] = set(re.findall(r'name="proposal" value="([^"]*)"', text))
    return {"proposal": number}


def test_a_proposal_is_turned_down_or_withdrawn_on_the_page(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    office, second = (bureau.cast.browser(bureau.cast.admin(name)) for name in ("Olga", "Henrik"))
    office.post("/compliance/trial-0001", {"verdict": "compliant", "reason": REASON})
    shown = named(second.get("/compliance/trial-0001").get_data(as_text=True))
    for typed, sentence in (("", "Say why not."), ("No.", "Give a reason of at least 10 characters")):
        answer = second.post("/compliance/trial-0001/turn-down", {**shown, "why_not": typed})
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    answer = second.post("/compliance/trial-0001/turn-down", {**shown, "why_not": "It forbids advertising."})
    assert answer.status_code == 303
    office.post("/compliance/trial-0001", {"verdict": "compliant", "reason": "I looked at it once more."})
    assert second.post("/compliance/trial-0001/withdraw").status_code == 403
    assert office.post("/compliance/trial-0001/withdraw").status_code == 303
    assert office.post("/compliance/trial-0001/withdraw").status_code == 403
    _, seen = page(bureau, bureau.cast.auditor(), "/compliance/trial-0001")
    assert "Why it was turned down:" in seen
    assert "It forbids advertising." in seen
    assert "withdrawn" in seen
    assert "It forbids advertising." not in page(bureau, bureau.captain, "/compliance/trial-0001")[1]


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


def test_an_admin_with_a_stake_reads_why_it_is_for_others(bureau: Bureau) -> None:
    bureau.examined(package(DOUBTFUL))
    rival = bureau.cast.admin("Rita")
    stage_team(bureau.cast, bureau.call, "Birch Models", rival)
    sentence = "You are a member of another team in this call; only admins and auditors of no team in it may see"
    code, text = page(bureau, rival, "/compliance/trial-0001")
    assert (code, sentence in text, "Propose the decision" in text) == (403, True, False)
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
    bureau.propose(bureau.submission_of(bureau.examinations()[0]))
    for who, waits in (
        (bureau.cast.admin(), "another admin; you proposed it"),
        (bureau.cast.admin("Henrik"), "<strong>you</strong>, or another admin"),
        (bureau.cast.auditor(), "another admin"),
    ):
        _, text = page(bureau, who, "/compliance")
        proposed, others = text.split("Waiting for a decision")
        assert "by Olga" in proposed
        assert f"<td>{waits}</td>" in proposed
        assert "Nothing is in doubt." in others
    bureau.confirm(bureau.submission_of(bureau.examinations()[0]))
    _, text = page(bureau, bureau.cast.auditor(), "/compliance")
    assert "Nothing is proposed." in text
    assert "by officers; scan 1 says needs review" in text


def test_a_desk_that_cannot_show_everything_says_so(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for changes in (DOUBTFUL, None, None):
        bureau.examined(package(changes))
    assert "At most" not in page(bureau, bureau.cast.admin(), "/compliance")[1]
    monkeypatch.setattr(pages, "MOST_ON_DESK", 2)
    _, text = page(bureau, bureau.cast.admin(), "/compliance")
    assert "At most 2 licences are shown: those proposed and in doubt first, then the newest." in text
    assert ("trial-0001" in text, "trial-0002" in text, "trial-0003" in text) == (True, False, True)


def test_hostile_names_in_a_package_are_only_text(bureau: Bureau) -> None:
    bureau.examined(package({"<script>alert(1)</script>.pkl": b"x", "LICENSE": "<img src=x onerror=alert(1)> ask me"}))
    _, text = page(bureau, bureau.captain, "/compliance/trial-0001")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.pkl" in text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
