"""Every route for every reader of the seeded site, as the table says; and a refusal names nobody."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cast import Cast
from tests.journeys.access import READERS, Answer, ask, places, reader

TABLE = Path(__file__).parent / "who_may_come.txt"
NOT_WALKED = {"/sign-out"}
"""Would end the reader's own visit; tests/challenge/people/ walks it."""


def read_table() -> dict[tuple[str, str], tuple[int, ...]]:
    """Read the table: method and route, then a status for each reader."""
    table = {}
    for line in TABLE.read_text().splitlines():
        *route, row = line[:5].strip(), *line[5:].rsplit(None, len(READERS))[:1], line.rsplit(None, len(READERS))[1:]
        table[(route[0], route[1].strip())] = tuple(int(status) for status in row)
    return table


def secrets_of(cast: Cast) -> set[str]:
    """Return names and scores that stand on no public page of the seeded site."""
    with cast.house.database.reading() as session:
        columns = (
            "SELECT name FROM teams WHERE name LIKE 'Pacific%'", "SELECT email FROM accounts",
            "SELECT predictions_sha256 FROM submissions", "SELECT abstract FROM submissions",
        )  # fmt: skip
        return {str(value) for sql in columns for value in session.scalars(text(sql)) if value}


def test_every_route_is_in_the_table(demonstration: Cast) -> None:
    walked = {
        (method, rule.rule)
        for rule in demonstration.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.rule not in NOT_WALKED
    }
    assert walked == set(read_table())


@pytest.mark.parametrize("name", READERS)
def test_every_route_answers_as_the_table_says(demonstration: Cast, name: str) -> None:
    table, values, hidden = read_table(), places(demonstration), secrets_of(demonstration)
    rules = {
        (method, rule.rule): rule
        for rule in demonstration.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    wrong, leaks = [], []
    who = reader(demonstration, name)
    for (method, route), statuses in table.items():
        answer = ask(demonstration.browser(who), rules[(method, route)], method, values)
        expected = statuses[READERS.index(name)]
        if answer.status != expected:
            wrong.append(f"{method} {route}: {answer.status} instead of {expected}")
        leaks += [f"{method} {route}: {word}" for word in _leaked(answer, hidden)]
    assert (wrong, leaks) == ([], [])


def _leaked(answer: Answer, hidden: set[str]) -> list[str]:
    """Return what a refused answer says that it may not."""
    refused = answer.status in {401, 403, 404} or "/sign-in" in answer.location
    return [word for word in hidden if refused and word in answer.body]
