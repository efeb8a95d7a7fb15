"""Every page of a call reads the same on the site that it was brought to, whoever reads it."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from challenge.app import create_app
from challenge.archives.contents import People, Wish
from challenge.foundation.clock import SetClock
from challenge.foundation.permits import Actor, Role
from challenge.people import queries as people
from challenge.people.records import Account, RoleGrant
from challenge.web.house import House
from tests.cast import Browser, Cast
from tests.challenge.archives.sites import KEY, KINDS, bring, empty_site, write
from tests.conftest import ON_POSTGRESQL

pytestmark = pytest.mark.xdist_group("played")  # the demonstration is played once, not in every process

OF_THE_CALL = re.compile(rf"^/(calls/{KEY}|boards|entries|submissions/{KEY}|runs|teams|awards|decisions|licences)\b")
NOT_OF_THE_CALL = re.compile(r"/(archives|log|sign-out)\b")
LINK = re.compile(r'href="(/[^"#]*)')
CHANGING = re.compile(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|(?<=")/static/[^"]*')
MOST = 260
"""Pages that each reader opens."""


@pytest.fixture(scope="module")
def brought(played: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A site that the demonstration's call was brought to, with the roles that people had before."""
    folder = tmp_path_factory.mktemp("brought")
    write(played, folder / "archive.zip", Wish(People.NAMES))
    with empty_site(folder / "site", postgresql=not ON_POSTGRESQL and True in KINDS) as second:
        bring(second, folder / "archive.zip")
        assert isinstance(second.clock, SetClock)
        second.clock.instant = played.clock.now()
        with played.database.reading() as session:
            grants = [
                (grant, session.get_one(Account, grant.account_id)) for grant in session.scalars(select(RoleGrant))
            ]
        with second.database.transaction() as session:
            there = set(session.scalars(select(Account.id)))
            for grant, account in grants:
                if account.id not in there:  # an auditor who did nothing about the call
                    session.add(
                        Account(
                            id=account.id, email=account.email, name=account.name, password_hash="none",
                            created_at=account.created_at,
                        )
                    )  # fmt: skip
                    there.add(account.id)
                    session.flush()
                session.add(RoleGrant(account_id=account.id, role=grant.role, granted_at=grant.granted_at))
        yield second


def cast_of(house: House) -> Cast:
    """The people of a site."""
    app = create_app(house)
    app.testing = True
    return Cast(house, app)


def reader(house: House, who: str) -> Actor | None:
    """Return the first person of a kind, None for a visitor."""
    if who == "visitor":
        return None
    with house.database.reading() as session:
        roles = {"admin": Role.ADMIN, "judge": Role.JUDGE, "auditor": Role.AUDITOR}
        if who in roles:
            query = select(RoleGrant.account_id).where(RoleGrant.role == roles[who]).order_by(RoleGrant.account_id)
        else:
            query = select(Account.id).where(~Account.id.in_(select(RoleGrant.account_id))).order_by(Account.id)
        return people.actor_of(session, session.scalars(query).first() or 0)


def read(browser: Browser, address: str) -> tuple[int, str, list[str]]:
    """Open a page; return its status, what it says, and where it leads."""
    answer = browser.get(address)
    if answer.mimetype != "text/html":
        body = answer.get_data()
        return answer.status_code, f"{answer.mimetype} {hash(body)} {len(body)}", []
    text = answer.get_data(as_text=True)
    return answer.status_code, CHANGING.sub("", text), [link.replace("&amp;", "&") for link in LINK.findall(text)]


@pytest.mark.parametrize("who", ["visitor", "team", "judge", "admin", "auditor"])
def test_a_reader_finds_the_same_on_both_sites(played: House, brought: House, who: str) -> None:
    here, there = cast_of(played), cast_of(brought)
    one, other = here.browser(reader(played, who)), there.browser(reader(brought, who))
    waiting, seen, differ = [f"/calls/{KEY}"], {f"/calls/{KEY}"}, {}
    opened = 0
    while waiting and opened < MOST:
        address = waiting.pop(0)
        first, second = read(one, address), read(other, address)
        opened += 1
        if first[:2] != second[:2]:
            differ[address] = _first_difference(first[1], second[1]) or f"{first[0]} and {second[0]}"
        for link in first[2]:
            if OF_THE_CALL.match(link) and not NOT_OF_THE_CALL.search(link) and link not in seen:
                seen.add(link)
                waiting.append(link)
    assert differ == {}
    assert opened > 20


def _first_difference(one: str, other: str) -> str:
    for left, right in zip(one.splitlines(), other.splitlines(), strict=False):
        if left != right:
            return f"{left.strip()[:300]} ≠ {right.strip()[:300]}"
    return ""
