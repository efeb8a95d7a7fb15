"""Decides who may come to a page at all; a page that does not say is never served.

This is the first of two questions. The second, whether this person may see this thing, is each room's own
and answered by its rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from challenge.foundation.permits import Actor, Refused, Role, WhyNot
from challenge.web.house import actor, house

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Policy:
    """Who may come: everyone, everyone signed in, or the holders of certain roles."""

    signed_in: bool
    roles: frozenset[Role]

    def why_not(self, visitor: Actor) -> WhyNot:
        """Return None if `visitor` may come, else the sentence that says why not."""
        if self.signed_in and not visitor.signed_in:
            return "This page is for people who are signed in."
        if self.roles and not visitor.has(*self.roles):
            return f"This page is for {_list(sorted(self.roles))}."
        return None


PLURALS = {Role.ADMIN: "admins", Role.JUDGE: "judges", Role.TEAM: "teams", Role.AUDITOR: "auditors"}
EVERYONE = Policy(False, frozenset())
SIGNED_IN = Policy(True, frozenset())


class UnguardedRoute(Exception):
    """Raised at the start if a route does not say who may come."""


def open_to(*who: Role | Policy) -> Callable[[View], View]:
    """Say on a page who may come: `EVERYONE`, `SIGNED_IN`, or one or more roles."""
    if len(who) == 1 and isinstance(who[0], Policy):
        policy = who[0]
    else:
        policy = Policy(True, frozenset(role for role in who if isinstance(role, Role)))

    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """Return the policy of an endpoint, None if it has none."""
    if endpoint == "static":
        return EVERYONE
    return getattr(app.view_functions[endpoint], "policy", None)


def guard(app: Flask) -> None:
    """Ask every request whether its reader may come, before the page is called."""

    @app.before_request
    def _may_they_come() -> Response | None:
        if request.endpoint is None:
            return None
        policy = policy_of(app, request.endpoint)
        if policy is None:
            raise UnguardedRoute(request.endpoint)
        why_not = policy.why_not(actor())
        if why_not is None:
            return None
        if not actor().signed_in and request.method == "GET":
            return redirect(url_for("people.sign_in", then=keep_way(request.full_path.rstrip("?"))), 303)
        raise Refused(why_not)


def check_every_route(app: Flask) -> None:
    """Refuse to start with a route that does not say who may come; raise UnguardedRoute."""
    unguarded = sorted(rule.endpoint for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None)
    if unguarded:
        raise UnguardedRoute(f"These routes do not say who may come: {', '.join(unguarded)}.")


def keep_way(path: str) -> str:
    """Sign a path of this site, so that a link cannot send people elsewhere after sign-in."""
    return URLSafeSerializer(house().settings.secret_key, salt="way").dumps(path)


def kept_way(token: str | None) -> str | None:
    """Return the path that was signed, None if there is none or it was tampered with."""
    if not token:
        return None
    try:
        path = URLSafeSerializer(house().settings.secret_key, salt="way").loads(token)
    except BadSignature:
        return None
    return path if isinstance(path, str) and path.startswith("/") and not path.startswith("//") else None


def _list(roles: list[Role]) -> str:
    names = [PLURALS[role] for role in roles]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
