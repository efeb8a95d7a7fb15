"""An organisation enters a call: founding, facts, honour, and an admin's ruling."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid, Refused
from challenge.teams import operations, queries
from challenge.teams.organisation import OrganisationFacts
from challenge.teams.records import Team
from tests.cast import TODAY, Cast
from tests.stage import stage_call, stage_team

FACTS = OrganisationFacts(
    name="Alder Models",
    country="BE",
    controlled_from="FR",
    headcount=31,
    turnover_cents=250_000_000,
    balance_cents=120_000_000,
    founded=2019,
    registration="BE 0123.456.789",
    experience="Trained a 13B model for Dutch on 900,000 GPU-hours of MareNostrum 5.",
)
TYPED = {
    "name": "Alder Models",
    "country": "BE",
    "controlled_from": "FR",
    "registration": "BE 0123.456.789",
    "founded": "2019",
    "headcount": "31",
    "turnover": "2,500,000",
    "balance": "1 200 000.00",
    "experience": "Trained a 13B model for Dutch on 900,000 GPU-hours of MareNostrum 5.",
}
DEADLINE = TODAY + timedelta(days=20)


def found(cast: Cast, call: Call, who: Actor, facts: OrganisationFacts = FACTS) -> Team:
    """Found a team through the operation."""
    with cast.house.database.transaction() as session:
        return operations.found_team(session, actor=who, call=call, facts=facts, now=cast.now)


def test_who_founds_a_team_is_its_captain_and_reads_what_is_missing(cast: Cast) -> None:
    stage_call(cast)
    browser = cast.browser(cast.person("Ada"))
    answer = browser.post("/calls/trial/enter", dict(TYPED))
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Alder Models" in page
    assert "EUR 2,500,000.00" in page
    assert "not eligible" in page
    assert "The captain has not yet declared on honour that these facts are true." in page
    browser.post(answer.headers["Location"] + "/honour")
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Every test of the call is passed." in page


def test_every_deed_leaves_exactly_one_line_in_the_log(cast: Cast) -> None:
    call, ada, olga = stage_call(cast), cast.person("Ada"), cast.admin()
    team = found(cast, call, ada)
    with cast.house.database.transaction() as session:
        operations.declare_honour(session, actor=ada, team=team, now=cast.now)
        operations.change_team(session, actor=ada, team=team, facts=replace(FACTS, headcount=32), now=cast.now)
        operations.override_eligibility(
            session, actor=olga, team=team, eligible=True, reason="Seen on paper.", now=cast.now
        )
        lines = session.scalars(select(AuditLine).where(AuditLine.subject == f"team {team.id}")).all()
    assert [line.verb for line in lines] == ["found_team", "declare_honour", "change_team", "override_eligibility"]


def test_what_was_typed_is_kept_beside_the_sentence_that_says_what_is_wrong(cast: Cast) -> None:
    stage_call(cast)
    browser = cast.browser(cast.person("Ada"))
    answer = browser.post("/calls/trial/enter", {**TYPED, "turnover": "2.500.000", "experience": "typed at length"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Write an amount such as 1,250,000 or 1250000.50: commas or blanks between thousands." in page
    assert 'value="2.500.000"' in page
    assert "typed at length" in page


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": "A"}, "name", "Write a name of 2 to 120 characters."),
        ({"name": "+++"}, "name", "Write a name with letters or digits in it."),
        ({"name": "ﷺ" * 60}, "name", "Write a shorter name."),
        ({"country": "ZZ"}, "country", "Choose a country from the list."),
        ({"controlled_from": "be"}, "controlled_from", "Choose a country from the list."),
        ({"headcount": -1}, "headcount", "This number cannot be true; check its zeros."),
        ({"turnover_cents": 10**18}, "turnover", "This number cannot be true; check its zeros."),
        ({"founded": 2027}, "founded", "Write a year between 1500 and 2026."),
        ({"experience": "a\x00b"}, "experience", "The text holds control characters; type it instead of pasting it."),
    ],
)
def test_a_fact_that_cannot_be_true_is_refused_beside_its_field(
    cast: Cast, change: dict[str, object], field: str, sentence: str
) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    with pytest.raises(Invalid) as refused:
        found(cast, call, ada, replace(FACTS, **change))
    assert (refused.value.field_name, refused.value.sentence) == (field, sentence)


@pytest.mark.parametrize("name", ["ALDER-MODELS", "Аlder Mоdels", "Alder  Models", "A1der Mode1s"])
def test_a_name_that_looks_like_another_teams_is_refused(cast: Cast, name: str) -> None:
    call = stage_call(cast)
    found(cast, call, cast.person("Ada"))
    with pytest.raises(Invalid) as refused:
        found(cast, call, cast.person("Ben"), replace(FACTS, name=name))
    assert refused.value.sentence.startswith("This looks like the name of another team of the call.")


def test_a_team_may_keep_its_own_name_and_take_one_from_another_call(cast: Cast) -> None:
    call, other = stage_call(cast), stage_call(cast, key="second")
    ada = cast.person("Ada")
    team = found(cast, call, ada)
    found(cast, other, ada)
    with cast.house.database.transaction() as session:
        changed = operations.change_team(
            session, actor=ada, team=team, facts=replace(FACTS, name="ALDER MODELS"), now=cast.now
        )
    assert changed.name == "ALDER MODELS"


def test_a_person_founds_one_team_a_call(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = found(cast, call, ada)
    with pytest.raises(Refused) as refused:
        found(cast, call, ada, replace(FACTS, name="Birch Models"))
    assert refused.value.sentence == (
        "You are in team Alder Models of this call already; a person has one team a call."
    )
    answer = cast.browser(ada).get("/calls/trial/enter")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/teams/{team.id}")


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.FROZEN])
def test_a_call_that_is_not_open_takes_no_team(cast: Cast, state: CallState) -> None:
    call = stage_call(cast, state=state)
    with pytest.raises(Refused):
        found(cast, call, cast.person("Ada"))
    assert cast.browser(cast.person("Ada")).get("/calls/trial/enter").status_code == (
        404 if state is CallState.DRAFT else 403
    )


def test_who_runs_or_judges_calls_does_not_enter_them(cast: Cast) -> None:
    call = stage_call(cast)
    for actor in (cast.admin(), cast.judge(), cast.auditor()):
        with pytest.raises(Refused, match="Admins, judges and auditors do not enter calls"):
            found(cast, call, actor)


def test_facts_change_until_the_last_deadline_and_not_after(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = found(cast, call, ada)
    cast.clock.instant = DEADLINE - timedelta(microseconds=1)
    with cast.house.database.transaction() as session:
        operations.change_team(session, actor=ada, team=team, facts=replace(FACTS, headcount=40), now=cast.now)
    cast.clock.instant = DEADLINE
    with pytest.raises(Refused) as refused, cast.house.database.transaction() as session:
        operations.change_team(session, actor=ada, team=team, facts=FACTS, now=cast.now)
    assert refused.value.sentence == (
        "The facts of a team stand as they are: the last deadline passed on 22 March 2026, 10:00:00 CET (09:00:00 UTC)."
    )
    assert cast.browser(ada).get(f"/teams/{team.id}/facts").status_code == 403


def test_new_facts_are_judged_anew_and_the_old_declaration_lapses(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = found(cast, call, ada)
    with cast.house.database.transaction() as session:
        assert operations.declare_honour(session, actor=ada, team=team, now=cast.now).eligible
    answer = cast.browser(ada).post(f"/teams/{team.id}/facts", {**TYPED, "headcount": "250"})
    assert answer.status_code == 303
    with cast.house.database.reading() as session:
        ruling = queries.ruling_of(session, team.id)
        assert queries.eligible_team_ids(session, call.id) == set()
    assert ruling is not None
    assert [finding["test"] for finding in ruling.findings if not finding["passed"]] == ["headcount", "honour"]


def test_facts_that_do_not_differ_change_nothing(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = found(cast, call, ada)
    with cast.house.database.transaction() as session:
        operations.declare_honour(session, actor=ada, team=team, now=cast.now)
        operations.change_team(session, actor=ada, team=team, facts=FACTS, now=cast.now)
        assert len(queries.rulings_of(session, team.id)) == 2
        assert queries.team(session, team.id).honour_declared_at == cast.now


def test_an_admins_ruling_stands_over_later_tests_and_the_page_says_so(cast: Cast) -> None:
    call, ada, olga = stage_call(cast), cast.person("Ada"), cast.admin()
    team = found(cast, call, ada, replace(FACTS, headcount=260))
    office = cast.browser(olga)
    short = office.post(f"/teams/{team.id}/ruling", {"eligible": "yes", "reason": "fine"})
    assert short.status_code == 422
    assert "Write at least 10 characters." in short.get_data(as_text=True)
    reason = "Twelve of them are apprentices."
    assert office.post(f"/teams/{team.id}/ruling", {"eligible": "yes", "reason": reason}).status_code == 303
    with cast.house.database.transaction() as session:
        operations.change_team(session, actor=ada, team=team, facts=replace(FACTS, headcount=255), now=cast.now)
        assert queries.eligible_team_ids(session, call.id) == {team.id}
        assert any(reason in letter.body for letter in letters_of(session, ada.account_id or 0))
    page = cast.browser(ada).get(f"/teams/{team.id}").get_data(as_text=True)
    assert re.search(r"Olga ruled on <time[^>]*>2 March 2026, 10:00 CET", page)
    assert f"Reason: {reason}" in page
    assert "The facts were changed or declared again after this ruling" in page
    assert "The organisation has 255 persons; an SME has fewer than 250." in page
    office.post(f"/teams/{team.id}/ruling", {"eligible": "no", "reason": "The apprentices are employees."})
    with cast.house.database.reading() as session:
        assert queries.eligible_team_ids(session, call.id) == set()


def test_only_an_admin_rules_on_eligibility(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = stage_team(cast, call, "Alder Models", ada, eligible=False)
    for actor in (ada, cast.judge(), cast.auditor()):
        with pytest.raises(Refused, match="Only an admin"), cast.house.database.transaction() as session:
            operations.override_eligibility(
                session, actor=actor, team=team, eligible=True, reason="Because I say so.", now=cast.now
            )
        answer = cast.browser(actor).post(f"/teams/{team.id}/ruling", {"eligible": "yes", "reason": "Because I do."})
        assert answer.status_code == 403


def test_a_team_is_seen_by_its_members_admins_and_auditors_only(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = stage_team(cast, call, "Alder Models", ada)
    stage_team(cast, call, "Birch Models", cast.person("Ben"))
    for actor in (ada, cast.admin(), cast.auditor()):
        page = cast.browser(actor).get(f"/teams/{team.id}")
        assert page.status_code == 200
        assert "EUR 1,000,000.00" in page.get_data(as_text=True)
    for actor in (cast.person("Ben"), cast.judge(), cast.person("Cleo")):
        for path in ("", "/facts", "/submissions"):
            page = cast.browser(actor).get(f"/teams/{team.id}{path}")
            assert page.status_code == 404
            assert "Alder" not in page.get_data(as_text=True)
    assert cast.browser().get(f"/teams/{team.id}").status_code == 303


def test_the_list_of_teams_is_for_admins_and_auditors(cast: Cast) -> None:
    call = stage_call(cast)
    stage_team(cast, call, "Alder Models", cast.person("Ada"))
    stage_team(cast, call, "Birch Models", cast.person("Ben"), eligible=False)
    for actor in (cast.admin(), cast.auditor()):
        page = cast.browser(actor).get("/calls/trial/teams").get_data(as_text=True)
        assert "2 teams, of which 1 eligible" in page
    assert cast.browser(cast.judge()).get("/calls/trial/teams").status_code == 403


def test_a_visitor_reads_no_button_that_is_not_theirs(cast: Cast) -> None:
    call, ada = stage_call(cast), cast.person("Ada")
    team = stage_team(cast, call, "Alder Models", ada)
    page = cast.browser(cast.auditor()).get(f"/teams/{team.id}").get_data(as_text=True)
    for deed in ("/leave", "/invitations", "/ruling", "/honour"):
        assert f'action="/teams/{team.id}{deed}"' not in page
