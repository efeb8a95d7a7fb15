"""The readers of a board, and what each of them gets."""

from challenge.foundation.permits import Actor
from challenge.runs.states import Outcome
from challenge.standings.states import Part
from challenge.teams.records import Membership
from tests.cast import TODAY, Browser, Cast
from tests.challenge.standings.harvest import Field, stage_field, stage_result

COMPETING = {"competing judge", "competing auditor", "competing admin"}
EVERYBODY = {"visitor", "stranger", "member", "judge", "auditor", "admin"} | COMPETING
OFFICE = {"auditor", "admin"}


def stage_board(cast: Cast) -> Field:
    """Set up an open call with two scored entries and one that could not be read; its boards are built and hidden."""
    field = stage_field(cast, {"Alder": 6, "Birch": 4})
    stage_result(cast, field.enter("Cedar", 3), outcome=Outcome.UNREADABLE)
    field.rebuild()
    return field


def joined(field: Field, actor: Actor) -> Actor:
    """Make somebody a member of a team in the call, if they are not yet."""
    team = field.teams["Birch"]
    with field.cast.house.database.transaction() as session:
        if session.get(Membership, (team.id, actor.account_id)) is None:
            session.add(
                Membership(
                    team_id=team.id, account_id=actor.account_id, call_id=team.call_id, is_captain=False, joined_at=TODAY
                )
            )  # fmt: skip
    return actor


def reader(field: Field, name: str) -> Actor | None:
    """Return who reads, None for a visitor."""
    cast = field.cast
    if name in COMPETING:
        make = {"judge": cast.judge, "auditor": cast.auditor, "admin": cast.admin}[name.removeprefix("competing ")]
        return joined(field, make("Mara"))
    if name == "member":
        return field.captains["Alder"]
    return {
        "visitor": None,
        "stranger": cast.person("Stranger"),
        "judge": cast.judge(),
        "auditor": cast.auditor(),
        "admin": cast.admin(),
    }[name]


def browser(field: Field, name: str) -> Browser:
    """Return a reader's browser."""
    return field.cast.browser(reader(field, name))


def page(field: Field, name: str, leaf: str = "", part: Part = Part.PUBLIC) -> str:
    """Return what a reader reads of a board."""
    return browser(field, name).get(f"/boards/{field.board(part).id}{leaf}").get_data(as_text=True)


def seen_by(field: Field, leaf: str = "", part: Part = Part.PUBLIC) -> set[str]:
    """Return which readers get an address of a board; to the others there is none."""
    answers = {
        name: browser(field, name).get(f"/boards/{field.board(part).id}{leaf}").status_code for name in EVERYBODY
    }
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}
