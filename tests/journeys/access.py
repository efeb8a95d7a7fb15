"""Who may come to which page of the played demonstration, and what a refused answer must not say."""

from dataclasses import dataclass

from sqlalchemy import text
from werkzeug.routing import Rule

from challenge.foundation.permits import Actor
from tests.cast import Browser, Cast

READERS = ("visitor", "stranger", "member", "rival", "judge", "conflicted", "admin", "auditor")
"""Nobody signed in; somebody in no team; the winner's captain; another captain; two judges; the office."""
PEOPLE = {
    "member": "northlight",
    "rival": "danube",
    "judge": "pavel",
    "conflicted": "ines",
    "admin": "olga",
    "auditor": "agnes",
}


@dataclass(frozen=True)
class Answer:
    """What a reader got: the status, where it leads, and every word of it."""

    status: int
    location: str
    body: str


def reader(cast: Cast, name: str) -> Actor | None:
    """Return the person behind a reader's name, None for the visitor."""
    if name == "visitor":
        return None
    return cast.person("Stranger") if name == "stranger" else cast.known[PEOPLE[name]]


def places(cast: Cast) -> dict[str, object]:
    """Return one thing of each kind, all of them Northlight's or about it, as the arguments of routes."""
    with cast.house.database.reading() as session:

        def one(sql: str) -> object:
            return session.execute(text(sql)).scalar()

        team = one("SELECT id FROM teams WHERE name = 'Northlight Models'")
        return {
            "key": "lagc-2026",
            "suite_key": "tabular",
            "team_id": team,
            "account_id": one("SELECT id FROM accounts WHERE email = 'aino@nowhere.example'")
            or one(f"SELECT account_id FROM memberships WHERE team_id = {team}"),  # noqa: S608
            "reference": one(f"SELECT reference FROM submissions WHERE team_id = {team}"),  # noqa: S608
            "run_id": one(
                f"SELECT runs.id FROM runs JOIN submissions ON submissions.id = submission_id WHERE team_id = {team}"  # noqa: S608
            ),
            "board_id": one("SELECT id FROM boards WHERE part = 'private' ORDER BY id"),
            "award_id": one(f"SELECT id FROM awards WHERE team_id = {team}"),  # noqa: S608
            "decision_id": one("SELECT id FROM decisions"),
            "allocation_id": one("SELECT id FROM allocations ORDER BY id"),
            "invitation_id": 1,
            "token": "no-such-invitation",
            "filename": "house.css",
            "name": "outputs.public.jsonl",
            "version": 1,
            "number": 1,
            "trial_id": 1,
            "archive_id": 1,
        }


def address(rule: Rule, values: dict[str, object]) -> str:
    """Return the address of a route for the things of `places`."""
    filled = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        choices = getattr(converter, "items", None) or _choices(converter)
        filled[name] = values[name] if name in values else sorted(choices)[0]
    built = rule.build(filled)
    if built is None:
        raise LookupError(f"No address for {rule.rule}.")
    return str(built[1])


def _choices(converter: object) -> list[str]:
    pattern = str(getattr(converter, "regex", ""))
    return [choice.replace("\\", "") for choice in pattern.removeprefix("(?:").removesuffix(")").split("|")]


def ask(browser: Browser, rule: Rule, method: str, values: dict[str, object]) -> Answer:
    """Ask for a route and return the answer; a form is sent empty but with its token."""
    path = address(rule, values)
    response = browser.get(path) if method == "GET" else browser.post(path)
    body = response.get_data(as_text=True) if response.mimetype.startswith(("text", "application/json")) else ""
    return Answer(response.status_code, response.headers.get("Location", ""), body)
