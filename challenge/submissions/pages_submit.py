"""The page where a team hands in; call, team, deadline, eligibility and quota are looked at before a byte is read."""

import secrets
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call
from challenge.calls.states import CallState, EntryKind
from challenge.foundation.files import Stored, TooLarge
from challenge.foundation.permits import Invalid, NotFound, WhyNot, demand
from challenge.submissions import hub as hubs
from challenge.submissions import operations, queries, queries_fetches, rules
from challenge.submissions.endpoint import EXAMPLE, NO_HOSTS
from challenge.submissions.entry import Entry, why_not_size
from challenge.submissions.forms import SubmissionForm, hours_field, submission_form
from challenge.submissions.pages import Page
from challenge.submissions.pages import submissions as submissions
from challenge.submissions.queries import QuotaLine
from challenge.submissions.shape import HEAD, why_not_package, why_not_predictions
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.entrance import let_in, reads_for_itself
from challenge.web.house import actor, house, now, reading, transaction
from challenge.web.words import size


@dataclass(frozen=True)
class Gate:
    """What was known of a request before its body was read."""

    call: Call
    rules: Rules
    takes: EntryKind
    asked: str
    """How models are asked, as `calls.suites.Asked` has it."""
    team: Team | None
    quota: QuotaLine | None
    why_not: WhyNot
    key: str
    """Names this form; the same form sent twice is one submission."""
    hub: str
    """Address of the hub from which a model may be fetched; empty where none may, or no worker can."""

    @property
    def endpoints(self) -> bool:
        """Whether a model may be handed in as an endpoint: the call takes some, and the operator lets some be asked."""
        return self.takes_endpoints and bool(house().settings.allowed_hosts)

    @property
    def takes_endpoints(self) -> bool:
        """Whether the call would take one."""
        return self.rules.endpoints and self.takes is EntryKind.MODEL

    def form(self) -> SubmissionForm:
        """Return the form of this call, filled with what was sent."""
        return submission_form(self.rules, self.takes, endpoints=self.endpoints, hub=bool(self.hub))

    @property
    def files_room(self) -> int:
        """How many bytes the files may have together."""
        predictions = self.rules.limits.predictions if self.takes is EntryKind.PREDICTIONS else 0
        return predictions + self.rules.limits.package


@submissions.get("/calls/<key>/submit")
@submissions.post("/calls/<key>/submit")
@open_to(SIGNED_IN)
@reads_for_itself(submissions)
def submit(key: str) -> Page:
    """Hand in predictions and a package, or the model in its package, and get the signed receipt."""
    return let_in(_look(key), show=_shown, take=_hand_in, too_long=_too_large)


def _look(key: str) -> Gate | None:
    """Look at everything that can be known before the body is read; None where there is no such call."""
    form_key = request.args.get("form", "") or secrets.token_urlsafe(16)
    try:
        with reading() as session:
            call = calls.call_by_key(session, key)
            if call.state is CallState.DRAFT:
                return None
            call_rules, takes = calls.rules_of(session, call), calls.takes_of(session, call)
            asked = calls.asked_of(session, call)
            team = teams.team_of(session, call_id=call.id, account_id=actor().account_id)
            if team is None:
                return Gate(call, call_rules, takes, asked, None, None, rules.NOT_MEMBER, form_key, "")
            phase = call_rules.open_phase(now())
            quota = queries.quota_line(session, team.id, phase) if phase else None
            # who sends an accepted form again is let through, to be given the receipt again
            sent_before = queries.submission_of_key(session, team.id, form_key) is not None
            there = queries.situation(session, actor=actor(), call=call, rules=call_rules, team=team, now=now())
            why_not = None if sent_before else rules.why_not_submit(there)
            hub = house().settings.hub if takes is EntryKind.MODEL else ""
            if hub and not sent_before and queries_fetches.why_nobody_fetches(session, now=now()):
                hub = ""
    except NotFound:
        return None
    return Gate(call, call_rules, takes, asked, team, quota, why_not, form_key, hub)


def _shown(gate: Gate) -> Page:
    return _page(gate, gate.form() if gate.why_not is None else None)


def _hand_in(gate: Gate) -> Page:
    form = gate.form()
    if form.validate_on_submit():
        try:
            entry = _entry(gate, form)
            phase = gate.rules.open_phase(now())
            if phase is not None:
                finished = house().clock.now()
                demand(rules.why_not_finish(phase, arrived=now(), finished=finished, zone=gate.rules.zone))
            with transaction() as session:
                call = calls.call(session, gate.call.id)
                submission = operations.accept(
                    session,
                    actor=actor(),
                    call=call,
                    rules=gate.rules,
                    team=teams.team(session, gate.team.id if gate.team else 0),
                    entry=entry,
                    signer=house().signer,
                    now=now(),
                    sealer=house().sealer,
                    hosts=house().settings.allowed_hosts,
                    hub=gate.hub,
                )
            return redirect(url_for("submissions.receipt", reference=submission.reference), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _page(gate, form), 422


def _entry(gate: Gate, form: SubmissionForm) -> Entry:
    """Put the files into the store and the words beside them; raise Invalid at the first that cannot be taken."""
    limits = gate.rules.limits
    sent = form.predictions.data if gate.takes is EntryKind.PREDICTIONS else None
    predictions = keep_upload(sent, "predictions", limits.predictions) if sent else None
    package = keep_upload(form.package.data, "package", limits.package, is_package=True) if form.package.data else None
    return Entry(
        title=form.text("title"),
        abstract=form.text("abstract"),
        declared_licence=form.text("declared_licence"),
        route=form.text("route"),
        doi=form.text("doi"),
        requests=form.hours([machine.machine for machine in gate.rules.hours]),
        predictions=predictions,
        predictions_name=(sent.filename or "") if sent else "",
        package=package,
        package_name=(form.package.data.filename or "") if package else "",
        idempotency_key=gate.key,
        endpoint=form.endpoint(),
        hub=form.hub(),
    )


def keep_upload(upload: FileStorage, name: str, limit: int, *, is_package: bool = False) -> Stored:
    """Look at an upload's first bytes, then stream it into the store under its SHA-256.

    Raises Invalid for the field `name` where the file cannot be predictions, or a package.
    """
    head = upload.stream.read(HEAD)
    upload.stream.seek(0)
    look = why_not_package if is_package else why_not_predictions
    why_not = why_not_size(len(head), limit) if not head else look(head)
    if why_not:
        raise Invalid(why_not, name)
    try:
        return house().files.put(cast(BinaryIO, upload.stream), limit=limit)
    except TooLarge:
        raise Invalid(f"This file is larger than the {size(limit)} that the call takes.", name) from None


def _too_large(gate: Gate) -> Page:
    limits, takes = gate.rules.limits, gate.takes
    length = f"has {size(request.content_length)}" if request.content_length else "is longer"
    predictions = f"{size(limits.predictions)} of predictions and " if takes is EntryKind.PREDICTIONS else ""
    sentence = (
        f"What you sent {length}; the call takes at most {predictions}{size(limits.package)} of package. "
        "It was not read, and no place was used. Go back, and choose smaller files."
    )
    return render_template("web/error.html", code=413, title="Too large", sentence=sentence), 413


def _page(gate: Gate, form: SubmissionForm | None) -> str:
    fields = [hours_field(place) for place, _ in enumerate(gate.rules.hours)]
    return render_template(
        "submissions/submit.html",
        call=gate.call,
        rules=gate.rules,
        takes=gate.takes,
        asked=gate.asked,
        team=gate.team,
        quota=gate.quota,
        phase=gate.rules.open_phase(now()),
        why_not=gate.why_not,
        key=gate.key,
        hosts=sorted(house().settings.allowed_hosts) if gate.endpoints else [],
        no_hosts=NO_HOSTS if gate.takes_endpoints and not gate.endpoints else "",
        example=EXAMPLE,
        hub=gate.hub,
        hub_example=hubs.EXAMPLE,
        largest=size(min(gate.rules.limits.package, house().settings.hub_gigabytes * 10**9)),
        form=form,
        machines=list(zip(fields, gate.rules.hours, strict=True)),
    )
