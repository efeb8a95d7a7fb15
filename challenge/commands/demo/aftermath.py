"""The second half of the play: boards freeze, an officer and the panel judge, winners are found and use their hours."""

from datetime import timedelta

from challenge.awards import operations as award_operations
from challenge.awards import queries as awards
from challenge.awards.operations_propose import prepare, propose
from challenge.awards.operations_release import prove_release
from challenge.awards.operations_usage import report_usage
from challenge.calls import operations as call_operations
from challenge.calls import queries as calls
from challenge.commands.demo.cast import ADMINS, ENTRANTS, JUDGES
from challenge.commands.demo.story import KEY, Stage
from challenge.compliance import operations_decide as licences
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.permits import Actor
from challenge.judging import operations as judging_operations
from challenge.judging import queries as judging
from challenge.judging.operations import record_consensus, submit_review
from challenge.judging.writing import Written
from challenge.people import queries as people
from challenge.standings import operations as standing_operations
from challenge.standings import queries as standings
from challenge.standings.states import Part
from challenge.submissions import queries as submissions
from challenge.submissions.records import Submission
from challenge.submissions.states import Route
from challenge.teams import queries as teams

LEANINGS = {"judith": (0, 1, -1), "pavel": (-1, 0, 0), "ines": (1, 0, 0), "sorcha": (0, -1, 1)}
"""How far each judge's own marks lie from what the panel agrees on, in half marks."""
FIELDS = {"judith": 3, "pavel": 2, "ines": 2, "sorcha": 3}
"""How near the entries are to each judge's own field."""
STRENGTHS = "It is measured on hidden data, and every step from the data to the score can be followed."
WEAKNESSES = "The plan for the second half of the year is thinner than the first, and names few risks."
COMMENTS = {
    "excellence": "The method is sound and its limits are stated; the comparison on hidden data is convincing.",
    "impact": "Small firms could use this at once; the plan for release names who would maintain it.",
    "implementation": "The hours asked for fit the work plan, and the team has run jobs of this size before.",
}

PROPOSED = {
    Route.WEIGHTS: (
        LicenceVerdict.NON_COMPLIANT,
        "The added sentence forbids a field of use; no licence the call accepts may do that.",
    ),
    Route.PUBLICATION: (
        LicenceVerdict.BY_PUBLICATION,
        "The article is the team's own, and it describes this very model; we read it.",
    ),
}
"""What officers propose where the platform is in doubt, by how the team meets its obligation."""


def freezing(stage: Stage) -> None:
    """The call and its boards are frozen; an officer looks at what needs review, and a second one confirms."""
    admin, second = (stage.people[key] for key, _ in ADMINS)
    stage.at(2026, 5, 6, 8)
    with stage.house.database.transaction() as session:
        call = calls.call_by_key(session, KEY)
        call_operations.freeze_call(session, actor=admin, call=call, now=stage.now)
    stage.work()
    stage.clock.advance(timedelta(hours=1))
    with stage.house.database.transaction() as session:
        for board in standings.boards_of_call(session, call.id):
            standing_operations.freeze_board(session, actor=admin, board=board, now=stage.now)
            standing_operations.publish_board(session, actor=admin, board=board, now=stage.now)
    stage.clock.advance(timedelta(hours=1))
    with stage.house.database.transaction() as session:
        verdicts = compliance.verdicts_in_force(session, call.id)
        doubtful = [
            session.get_one(Submission, submission_id)
            for submission_id, verdict in verdicts.items()
            if verdict is LicenceVerdict.NEEDS_REVIEW
        ]
        proposals = [
            licences.propose(
                session, actor=admin, submission=submission, verdict=PROPOSED[submission.route][0],
                reason=PROPOSED[submission.route][1], now=stage.now,
            )
            for submission in doubtful
        ]  # fmt: skip
    stage.clock.advance(timedelta(hours=2))
    with stage.house.database.transaction() as session:
        for submission, proposal in zip(doubtful, proposals, strict=True):
            licences.confirm(session, actor=second, submission=submission, proposal_id=proposal.id, now=stage.now)
    stage.say("The boards are frozen and published; two officers have decided on what needed review.")


def panel(stage: Stage) -> None:
    """The panel is appointed and the finalists are named."""
    admin = stage.people[ADMINS[0][0]]
    stage.at(2026, 5, 7, 9)
    with stage.house.database.transaction() as session:
        call = calls.call_by_key(session, KEY)
        for number, (key, _, affiliation) in enumerate(JUDGES):
            judging_operations.appoint(
                session,
                actor=admin,
                call=call,
                account_id=stage.people[key].account_id or 0,
                affiliation=affiliation,
                is_chair=number == 0,
                now=stage.now,
            )
        judging_operations.name_finalists(session, actor=admin, call=call, now=stage.now)
        finalists = judging.finalists_of(session, call.id)
    stage.say(f"The panel of {len(JUDGES)} has {len(finalists)} finalists before it.")


def reviewing(stage: Stage) -> None:
    """Judges declare, review, and agree; whoever has done so already is left as they are."""
    for number, (key, name, _) in enumerate(JUDGES):
        stage.at(2026, 5, 11 + number, 9)
        for submission, entrant in _finalists(stage):
            _review(stage, stage.people[key], key, submission, entrant)
        stage.say(f"{name} has declared and reviewed.")
    stage.at(2026, 5, 28, 13)
    chair = stage.people[JUDGES[0][0]]
    for submission, entrant in _finalists(stage):
        with stage.house.database.transaction() as session:
            if judging.consensus_of(session, submission.id) is None:
                record_consensus(
                    session,
                    actor=chair,
                    submission=submission,
                    halves=_marks(entrant),
                    statement="The panel agreed after hearing every review; strengths and limits are named above.",
                    reason="",
                    now=stage.now,
                )
    stage.say("The panel has agreed on every finalist.")


def _finalists(stage: Stage) -> list[tuple[Submission, str]]:
    """Return the finalists' submissions, each with its team's key in the play."""
    keys = {entrant.name: entrant.key for entrant in ENTRANTS}
    with stage.house.database.reading() as session:
        call = calls.call_by_key(session, KEY)
        return [
            (submission, keys[teams.team(session, submission.team_id).name])
            for submission in judging.finalist_submissions(session, call.id)
        ]


def _marks(entrant_key: str) -> dict[str, int]:
    marks = next(entrant.marks for entrant in ENTRANTS if entrant.key == entrant_key) or (6, 6, 6)
    return dict(zip(COMMENTS, marks, strict=True))


def _review(stage: Stage, judge: Actor, key: str, submission: Submission, entrant_key: str) -> None:
    leanings = dict(zip(COMMENTS, LEANINGS[key], strict=True))
    halves = {name: min(max(mark + leanings[name], 0), 10) for name, mark in _marks(entrant_key).items()}
    with stage.house.database.transaction() as session:
        links = judging.links_of(session, judge.account_id or 0, submission)
        if judging.declaration_of(session, judge.account_id or 0, submission.id) is None:
            judging_operations.declare(
                session,
                actor=judge,
                submission=submission,
                conflict=bool(links),
                statement="I work for the entrant." if links else "",
                now=stage.now,
            )
        mine = [
            review for review in judging.reviews_of(session, submission.id) if review.account_id == judge.account_id
        ]
        if not links and not mine:
            written = Written(halves, COMMENTS, STRENGTHS, WEAKNESSES, FIELDS[key])
            submit_review(session, actor=judge, submission=submission, written=written, now=stage.now)


def deciding(stage: Stage) -> None:
    """One admin proposes the decision, another signs it."""
    proposer, signer = (stage.people[key] for key, _ in ADMINS)
    stage.at(2026, 6, 12, 9)
    house = stage.house
    proposal = prepare(house.database, house.files, actor=proposer, call_id=stage.call().id)
    with house.database.transaction() as session:
        call = calls.call_by_key(session, KEY)
        decision = propose(session, actor=proposer, call=call, proposal=proposal, now=stage.now)
    stage.clock.advance(timedelta(hours=5))
    with stage.house.database.transaction() as session:
        award_operations.sign(session, actor=signer, decision=awards.decision(session, decision.id), now=stage.now)
        for award in awards.awards_of(session, decision.id):
            name = teams.team(session, award.team_id).name
            money = f"EUR {award.money_cents // 100:,}" if award.money_cents else "reserve list"
            stage.say(f"{award.position}. {name}: {money}.")


def using(stage: Stage) -> None:
    """Winners use their hours month by month, and the first of them releases its model."""
    admin = stage.people[ADMINS[0][0]]
    with stage.house.database.reading() as session:
        call = calls.call_by_key(session, KEY)
        decision = awards.decision_of(session, call.id)
        winners = awards.awards_of(session, decision.id) if decision else []
        held = [(award, awards.allocations_of(session, award.id)) for award in winners]
    for month in range(7, 11):
        stage.at(2026, month + 1, 3, 9)
        for award, allocations in held:
            for allocation in allocations:
                share = (3 + award.position + month) % 5 + 5
                with stage.house.database.transaction() as session:
                    report_usage(
                        session,
                        actor=admin,
                        allocation=allocation,
                        period=f"2026-{month:02d}",
                        hours=allocation.hours * share // 100,
                        now=stage.now,
                    )
    first = next(award for award, allocations in held if allocations)
    stage.at(2026, 11, 12, 9)
    with stage.house.database.transaction() as session:
        captain = next(account for place, account in teams.members_of(session, first.team_id) if place.is_captain)
        prove_release(
            session,
            actor=people.actor_of(session, captain.id),
            award=awards.award(session, first.id),
            url="https://models.example/four-classics",
            sha256=submissions.submission(session, first.submission_id).package_sha256 or "",
            doi="",
            now=stage.now,
        )
    stage.say("Hours are being used; the first winner has handed in the proof of its release.")


def board_points(stage: Stage) -> dict[int, str]:
    """Return the points of each entry on the private board, for those who check the play."""
    with stage.house.database.reading() as session:
        call = calls.call_by_key(session, KEY)
        return {key: entry.points for key, entry in standings.entry_points(session, call.id, Part.PRIVATE).items()}
