"""The watchmen are awake: deliberate damage to a copy of the house is noticed, piece by piece."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from challenge.foundation.permits import Role
from challenge.web.access import UnguardedRoute, check_every_route
from tests.cast import Cast
from tests.house.arrows import violations

ROOT = Path(__file__).parents[2]


def _append(path: str, text: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return damage


def _write(path: str, text: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")

    return damage


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "an import of a later room, hidden in a function": (
        _append("challenge/people/operations.py", "\ndef _peek() -> None:\n    from challenge.awards import records\n"),
        "people may not know awards",
    ),
    "an import of the web in an operation": (
        _append("challenge/calls/queries.py", "\nfrom challenge.web import words\n"),
        "queries may not import the web",
    ),
    "Flask in the rules": (_append("challenge/people/rules.py", "\nimport flask\n"), "rules may not import flask"),
    "the database in a noun": (
        _append("challenge/people/names.py", "\nimport sqlalchemy\n"),
        "noun may not import sqlalchemy",
    ),
    "an operation called from the rules": (
        _append("challenge/people/rules.py", "\nfrom challenge.people import operations\n"),
        "rules may not look up to operations",
    ),
    "a drawer": (_write("challenge/people/utils.py", ""), "a drawer named 'utils'"),
    "a drawer of a folder": (_write("evaluation/common/words.py", ""), "a drawer named 'common'"),
    "a file of 301 lines": (_write("challenge/people/novel.py", "x = 1\n" * 300), "over 300 a noun is missing"),
    "an instrument that knows the other": (
        _append("leaderboards/__init__.py", "\nimport evaluation\n"),
        "leaderboards may not import evaluation",
    ),
    "an instrument that knows the house": (
        _append("evaluation/__init__.py", "\nimport challenge.people.names\n"),
        "evaluation may not import challenge",
    ),
    "an instrument that knows the database": (
        _append("evaluation/__init__.py", "\nimport sqlalchemy\n"),
        "evaluation may not import sqlalchemy",
    ),
    "an own clock": (
        _append("challenge/people/rules.py", "\nfrom datetime import datetime\nNOW = datetime.now()\n"),
        "only foundation/clock.py asks what time it is",
    ),
    "a foreign key by string": (
        _append("challenge/people/records.py", '\nLINK = ForeignKey("accounts.id")\n'),
        "a foreign key by string",
    ),
    "a room without a place": (
        _write("challenge/cellar/rules.py", "from challenge.foundation import permits\n"),
        "has no place in the procession",
    ),
}


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """The source of the house in a folder where it may be damaged."""
    ignore = shutil.ignore_patterns("__pycache__", "templates", "static", "*.gz")
    for folder in ("challenge", "evaluation", "leaderboards"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "wsgi.py", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_damage_is_noticed(copy_of_the_house: Path, name: str) -> None:
    damage, sign = DAMAGES[name]
    damage(copy_of_the_house)
    assert [breach for breach in violations(copy_of_the_house) if sign in breach] != []


def test_a_circle_is_noticed(copy_of_the_house: Path) -> None:
    _append("challenge/people/names.py", "\nfrom challenge.people import passwords\n")(copy_of_the_house)
    _append("challenge/people/passwords.py", "\nfrom challenge.people import names\n")(copy_of_the_house)
    assert any(breach.startswith("circle: ") for breach in violations(copy_of_the_house))


def test_a_page_that_does_not_say_who_may_come_stops_the_start(cast: Cast) -> None:
    cast.app.add_url_rule("/back-door", "back_door", lambda: "come in")
    with pytest.raises(UnguardedRoute, match="back_door"):
        check_every_route(cast.app)


def test_with_the_protection_against_forgery_off_the_watch_cries(cast: Cast) -> None:
    assert _unprotected(cast) == []
    cast.app.config["WTF_CSRF_ENABLED"] = False
    assert "/sign-out" in _unprotected(cast)


def _unprotected(cast: Cast) -> list[str]:
    """List the addresses that take a form without its token."""
    open_doors = []
    everything = cast.person("Olga", Role.ADMIN, Role.JUDGE, Role.AUDITOR)
    for rule in cast.app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()):
            continue
        path = rule.build({name: _value(rule, name) for name in rule.arguments})
        assert path is not None
        answer = cast.browser(everything).client.post(path[1])
        if answer.status_code != 400 or "Form out of date" not in answer.get_data(as_text=True):
            open_doors.append(rule.rule)
    return open_doors


def _value(rule: object, name: str) -> object:
    converter = rule._converters[name]  # type: ignore[attr-defined]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 1 if isinstance(converter, IntegerConverter) else "some-name"
