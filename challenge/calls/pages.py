"""Pages that show a call to everybody who may know of it: its terms, its rules, its suites."""

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from challenge.calls import queries, rules, wording
from challenge.calls.calendar import next_line, timetable
from challenge.calls.states import CallState
from challenge.calls.suites import read_summary
from challenge.foundation.permits import NotFound, Role
from challenge.people import queries as people
from challenge.web.access import EVERYONE, open_to
from challenge.web.house import actor, house, now, reading

calls = Blueprint("calls", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


@calls.get("/calls")
@open_to(EVERYONE)
def index() -> Page:
    """List the calls."""
    with reading() as session:
        known = queries.known_calls(session, actor())
        rows = [(call, terms := queries.rules_of(session, call), next_line(terms, now=now())) for call in known]
    return render_template("calls/index.html", rows=rows, may_import=rules.why_not_import(actor(), state=None) is None)


@calls.get("/calls/<key>")
@open_to(EVERYONE)
def show(key: str) -> Page:
    """Show what a call offers and asks."""
    with reading() as session:
        call = queries.known_call(session, actor(), key)
        terms, version = queries.rules_of(session, call), queries.version_of(session, call)
        suites = [(suite, read_summary(suite.summary)) for suite in queries.suites_of(session, call)]
        takes = queries.takes_of(session, call)
    may_enter = call.state is CallState.OPEN and now() < terms.last_deadline
    return render_template(
        "calls/call.html",
        call=call,
        rules=terms,
        version=version,
        suites=suites,
        takes=takes,
        timetable=timetable(terms, now=now()),
        next=next_line(terms, now=now()),
        may_enter=may_enter,
        may_submit=may_enter and terms.open_phase(now()) is not None,
        may_manage=actor().has(Role.ADMIN, Role.AUDITOR),
        wording=wording,
    )


@calls.get("/calls/<key>/rules")
@open_to(EVERYONE)
def rules_page(key: str) -> Page:
    """Show a version of a call's rules as they were imported."""
    with reading() as session:
        call = queries.known_call(session, actor(), key)
        version = queries.version_of(session, call, _version_asked_for(call.version))
        in_office = actor().has(Role.ADMIN, Role.AUDITOR)
        versions = queries.versions_of(session, call) if in_office else []
        names = people.names_of(session, [each.imported_by for each in versions])
        zone = queries.rules_of(session, call).zone
    return render_template("calls/rules.html", call=call, version=version, versions=versions, names=names, zone=zone)


@calls.get("/calls/<key>/rules.<any(yaml, json):kind>")
@open_to(EVERYONE)
def rules_file(key: str, kind: str) -> Page:
    """Hand out a version of a call's rules: the file as written, or the document whose digest is published."""
    with reading() as session:
        call = queries.known_call(session, actor(), key)
        version = queries.version_of(session, call, _version_asked_for(call.version))
    content = version.text if kind == "yaml" else version.document
    name = f"{call.key}-version-{version.number}.{kind}"
    return send_file(BytesIO(content.encode()), f"application/{kind}", as_attachment=True, download_name=name)


@calls.get("/calls/<key>/suites/<suite_key>/starter.zip")
@open_to(EVERYONE)
def starter(key: str, suite_key: str) -> Page:
    """Hand out the public part of a suite."""
    with reading() as session:
        call = queries.known_call(session, actor(), key)
        suite = queries.suite_by_key(session, call, suite_key)
    if not house().files.has(suite.starter_sha256):
        raise NotFound
    name = f"{call.key}-{suite.key}-starter.zip"
    file = house().files.open(suite.starter_sha256)
    return send_file(file, "application/zip", as_attachment=True, download_name=name)


def _version_asked_for(in_force: int) -> int:
    """Return the version that the address names; former versions were drafts, and stay in the office."""
    asked = request.args.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else in_force
    if number != in_force and not actor().has(Role.ADMIN, Role.AUDITOR):
        raise NotFound
    return number
