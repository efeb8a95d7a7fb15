"""Puts the rooms together."""

import gc
from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from challenge.archives.pages import archives
from challenge.awards import pages_award, pages_release, pages_releases
from challenge.awards.pages import awards
from challenge.calls import pages_bundles
from challenge.calls.pages_manage import calls
from challenge.commands import entrance
from challenge.compliance import pages_decide as licence_decisions
from challenge.compliance.pages import compliance
from challenge.dashboards.pages import dashboards
from challenge.dashboards.pages_audit import audit
from challenge.foundation.clock import Clock, SystemClock
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Role
from challenge.foundation.settings import Settings
from challenge.foundation.signing import Signer
from challenge.judging import pages_table
from challenge.judging.pages import judging
from challenge.people.pages import people, recognise
from challenge.runs import pages_keys, pages_outputs, pages_rejudge, pages_retry, pages_trials
from challenge.runs.pages import runs
from challenge.standings import (
    pages_compare,
    pages_deeds,
    pages_entry,
    pages_every_eval_ever,
    pages_exports,
    pages_languages,
    pages_likeness,
    pages_sensitivity,
    pages_shake_up,
)
from challenge.standings.pages import standings
from challenge.submissions import pages_fetches
from challenge.submissions.pages_receipts import submissions
from challenge.teams.pages_roster import teams
from challenge.web import access, addresses, errors, headers, sizes, words
from challenge.web.access import EVERYONE, SIGNED_IN, Policy
from challenge.web.house import House, actor, furnish

ROOMS = (people, calls, teams, submissions, compliance, runs, standings, judging, awards, archives, dashboards, audit)
"""Every room's pages, in the order of a submission's journey."""

FURTHER_PAGES = (
    pages_bundles,
    pages_fetches,
    licence_decisions,
    pages_rejudge,
    pages_outputs,
    pages_keys,
    pages_retry,
    pages_trials,
    pages_entry,
    pages_compare,
    pages_languages,
    pages_sensitivity,
    pages_shake_up,
    pages_likeness,
    pages_deeds,
    pages_exports,
    pages_every_eval_ever,
    pages_table,
    pages_award,
    pages_release,
    pages_releases,
)
"""Pages split off by verb; they hang their routes on their room's blueprint when they are imported."""

YOUNG = 100_000
"""New objects after which the collector looks through the young ones."""


@dataclass(frozen=True)
class Entry:
    """A place in the main navigation."""

    name: str
    endpoint: str
    policy: Policy


NAVIGATION = (
    Entry("Calls", "dashboards.front", EVERYONE),
    Entry("Desk", "dashboards.desk", SIGNED_IN),
    Entry("People", "people.everybody", Policy(True, frozenset({Role.ADMIN}))),
    Entry("Audit", "audit.lines", Policy(True, frozenset({Role.ADMIN, Role.AUDITOR}))),
    Entry("Account", "people.own_account", SIGNED_IN),
)


@dataclass(frozen=True)
class Link:
    """A place in the navigation as this reader sees it."""

    name: str
    address: str
    here: bool


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    """Open database, files and keys of an installation."""
    return House(
        settings=settings,
        database=Database(settings.database_url),
        files=FileStore(settings.files),
        signer=Signer.kept_in(settings.instance),
        clock=clock or SystemClock(),
    )


def create_served_app() -> Flask:
    """Build the application for a server's process, which keeps it to its end.

    What is loaded by then stays; left to itself the collector walks through all of it again and again while a board of
    a thousand lines is being made, and that doubles the cost of the page.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    return app


def create_app(house: House | None = None) -> Flask:
    """Build the application; reads the environment's settings unless a house is handed over."""
    house = house or open_house(Settings.from_environment())
    settings = house.settings
    app = Flask(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-notices" if settings.secure_cookies else "notices",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    furnish(app, house)
    addresses.check_addresses(app)
    recognise(app)
    access.guard(app)
    sizes.limit_requests(app)
    headers.send_headers(app, secure=settings.secure_cookies)
    CSRFProtect(app)
    errors.answer_errors(app)
    words.teach_words(app)
    for room in ROOMS:
        app.register_blueprint(room)
    for command in entrance.COMMANDS:
        app.cli.add_command(command)
    access.check_every_route(app)

    @app.context_processor
    def _for_every_page() -> dict[str, object]:
        return {"actor": actor(), "banner": settings.banner, "navigation": _navigation}

    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, trusted, trusted, trusted, trusted)  # type: ignore[method-assign]
    return app


def _navigation() -> list[Link]:
    """List the places this reader may go to."""
    return [
        Link(entry.name, url_for(entry.endpoint), request.endpoint == entry.endpoint)
        for entry in NAVIGATION
        if entry.policy.why_not(actor()) is None
    ]
