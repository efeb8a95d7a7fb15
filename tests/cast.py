"""The cast of the tests: a house with people in it, and browsers that walk through its pages."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from challenge.foundation.clock import SetClock
from challenge.foundation.permits import PLATFORM, Actor, Role
from challenge.people import operations, queries
from challenge.people.records import Account
from challenge.web.house import House

TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "seven quiet herons"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """One person's browser: keeps cookies, and sends the form token it last saw."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **more: object) -> TestResponse:
        """Open a page."""
        return self._keep(self.client.get(path, **more))

    def post(self, path: str, data: dict[str, object] | None = None, **more: object) -> TestResponse:
        """Send a form with the token of the last page, redirects not followed."""
        for page in ("/", path):  # a visitor's front page holds no form
            if not self.token:
                self.get(page)
        more.setdefault("data", {**(data or {}), "csrf_token": self.token})
        return self._keep(self.client.post(path, **more))

    def _keep(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html":
            found = _TOKEN.search(response.get_data(as_text=True))
            self.token = found.group(1) if found else self.token
        return response


@dataclass
class Cast:
    """The people of a test, made when first named."""

    house: House
    app: Flask
    known: dict[str, Actor] = field(default_factory=dict)

    @property
    def clock(self) -> SetClock:
        """The clock of the house, to be moved by hand."""
        assert isinstance(self.house.clock, SetClock)
        return self.house.clock

    @property
    def now(self) -> datetime:
        """What the house's clock shows."""
        return self.clock.now()

    def person(self, name: str, *roles: Role) -> Actor:
        """Return the person of that name, signed up with `name`@people.example and holding `roles`."""
        if name not in self.known:
            with self.house.database.transaction() as session:
                account = Account(
                    email=f"{name.lower()}@people.example", name=name, password_hash="none", created_at=self.now
                )
                session.add(account)
                session.flush()
                for role in roles:
                    operations.grant_role(session, actor=PLATFORM, account_id=account.id, role=role, now=self.now)
                self.known[name] = queries.actor_of(session, account.id)
        return self.known[name]

    def admin(self, name: str = "Olga") -> Actor:
        """Return an admin."""
        return self.person(name, Role.ADMIN)

    def judge(self, name: str = "Jonas") -> Actor:
        """Return a judge."""
        return self.person(name, Role.JUDGE)

    def auditor(self, name: str = "Agnes") -> Actor:
        """Return an auditor."""
        return self.person(name, Role.AUDITOR)

    def browser(self, who: Actor | None = None) -> Browser:
        """Return a browser, signed in as `who` or a visitor's."""
        client = self.app.test_client()
        if who is not None:
            with self.house.database.transaction() as session:
                account = queries.account(session, who.account_id or 0)
                token = operations.begin_sitting(session, account, now=self.now)
            client.set_cookie("sitting", token)
        return Browser(client)
