"""Pages where a team looks at its submissions, chooses the final one, and takes its files and receipts away."""

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.foundation.permits import Invalid, NotFound, Role, demand
from challenge.people import queries as people
from challenge.submissions import operations, queries, queries_fetches, rules
from challenge.submissions.fetch_endings import ENDINGS, MOST_ATTEMPTS
from challenge.submissions.forms import FetchAgainForm, GrantForm, grant_form
from challenge.submissions.receipts import receipt_file
from challenge.submissions.records import Submission
from challenge.submissions.records_fetches import Fetch
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.teams.rules import why_not_list
from challenge.teams.stakes import Stake
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.charts import progress
from challenge.web.house import actor, house, now, reading, transaction
from challenge.web.words import size

submissions = Blueprint("submissions", __name__, template_folder="templates")
Page = str | AnyResponse | tuple[str, int]


@submissions.get("/submissions/<reference>")
@open_to(SIGNED_IN)
def show(reference: str) -> Page:
    """Show a submission to its team, admins and auditors."""
    return show_page(reference, FetchAgainForm(formdata=None))


def show_page(reference: str, form: FetchAgainForm) -> Page:
    """Return the page of a submission, with the form that has its model fetched again where the reader may."""
    with reading() as session:
        submission = queries.submission_for(session, actor(), reference)
        team = teams.team(session, submission.team_id)
        call = calls.call(session, submission.call_id)
        call_rules = calls.rules_of(session, call)
        final, chosen = queries.final_of(session, team.id)
        captain = teams.is_captain(session, team.id, actor().account_id)
        moment = teams.moment_of(session, call, now())
        why_not_final = rules.why_not_choose_final(moment, is_captain=captain)
        names = people.names_of(session, [submission.submitted_by])
        stake = teams.stake_in(session, actor().account_id, team)
        fetch = queries_fetches.fetch_of(session, submission.id)
        package = queries_fetches.package_of(session, submission)
        keeps_key = queries.keeps_key(session, submission.id)
    page = render_template(
        "submissions/show.html",
        submission=submission,
        team=team,
        call=call,
        rules=call_rules,
        is_final=final is not None and final.id == submission.id,
        is_chosen=chosen,
        is_member=stake is Stake.MEMBER,
        keeps_key=keeps_key,
        is_over=moment.is_over,
        why_not_final=why_not_final,
        names=names,
        fetch=fetch,
        package=package,
        ending=ENDINGS[fetch.outcome] if fetch and fetch.outcome else None,
        most_attempts=MOST_ATTEMPTS,
        fetch_bar=progress(fetch.done, fetch.total, label=_fetched_so_far(fetch)) if fetch else "",
        fetch_said=_fetched_so_far(fetch) if fetch else "",
        why_not_retry=rules.why_not_retry_fetch(actor(), stake, outcome=fetch.outcome) if fetch else None,
        form=form,
        now=now(),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _fetched_so_far(fetch: Fetch) -> str:
    """Say in words how far a fetch under way is."""
    if fetch.total == 0:
        return "A worker has it in hand and asks the hub what the commit holds."
    if fetch.done >= fetch.total:
        return "All of it is here; it is looked at and packed."
    doing = f", at {fetch.doing}" if fetch.doing else ""
    return f"{size(fetch.done)} of {size(fetch.total)} are here{doing}."


@submissions.get("/submissions/<reference>/files/<any(predictions, package):which>")
@open_to(SIGNED_IN)
def download(reference: str, which: str) -> Page:
    """Give a file back as it was handed in or fetched, always as an attachment."""
    with reading() as session:
        submission = queries.submission_for(session, actor(), reference)
        package = queries_fetches.package_of(session, submission)
    sha256 = package.sha256 if package else None
    name = package.name if package else ""
    if which == "predictions":
        sha256, name = submission.predictions_sha256, submission.predictions_name
    if sha256 is None or not house().files.has(sha256):
        raise NotFound
    return send_file(
        house().files.path(sha256),
        mimetype="application/octet-stream",  # never a type that a browser would open by itself
        as_attachment=True,
        download_name=name,
        etag=sha256,
        max_age=0,
    )


@submissions.get("/submissions/<reference>/receipt")
@open_to(SIGNED_IN)
def receipt(reference: str) -> Page:
    """Show the signed receipt, and how anybody may verify it."""
    with reading() as session:
        submission = queries.submission_for(session, actor(), reference)
        kept = queries.receipt_of(session, submission.id)
        team = teams.team(session, submission.team_id)
        call = calls.call(session, submission.call_id)
        zone = calls.rules_of(session, call).zone
        fetch = queries_fetches.fetch_of(session, submission.id)
    return render_template(
        "submissions/receipt.html", submission=submission, receipt=kept, team=team, call=call, zone=zone, fetch=fetch
    )


@submissions.get("/submissions/<reference>/receipt.json")
@open_to(SIGNED_IN)
def receipt_json(reference: str) -> Page:
    """Give the signed receipt as a file."""
    with reading() as session:
        submission = queries.submission_for(session, actor(), reference)
        kept = queries.receipt_of(session, submission.id)
    response = Response(receipt_file(kept.document, kept.signature, kept.public_key), mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"{submission.reference}-receipt.json")
    return response


@submissions.post("/submissions/<reference>/final")
@open_to(SIGNED_IN)
def choose(reference: str) -> Page:
    """Name the team's final submission."""
    with transaction() as session:
        submission = queries.submission_for(session, actor(), reference)
        operations.choose_final(session, actor=actor(), submission=submission, now=now())
    flash(f"{submission.reference} is your final submission now.", "success")
    return redirect(url_for("submissions.of_team", team_id=submission.team_id), 303)


@submissions.get("/teams/<int:team_id>/submissions")
@open_to(SIGNED_IN)
def of_team(team_id: int) -> Page:
    """List a team's submissions and the ledger of its quota."""
    with reading() as session:
        team = teams.team_for(session, actor(), team_id)
        call_rules = calls.rules_of(session, calls.call(session, team.call_id))
    return _team_page(team, grant_form(call_rules))


@submissions.post("/teams/<int:team_id>/quota")
@open_to(Role.ADMIN)
def grant(team_id: int) -> Page:
    """Allow a team more submissions, on record."""
    with reading() as session:
        team = teams.team_for(session, actor(), team_id)
        demand(rules.why_not_grant(actor(), teams.stake_in(session, actor().account_id, team)))
        form = grant_form(calls.rules_of(session, calls.call(session, team.call_id)))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations.grant_quota(
                    session,
                    actor=actor(),
                    team=teams.team_for(session, actor(), team_id),
                    phase=form.text("phase"),
                    amount=int(form.text("amount")),
                    reason=form.text("reason"),
                    now=now(),
                )
            flash("Granted, on record, and the members are told.", "success")
            return redirect(url_for("submissions.of_team", team_id=team_id), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return _team_page(team, form)


@submissions.get("/calls/<key>/submissions")
@open_to(Role.ADMIN, Role.AUDITOR)
def of_call(key: str) -> Page:
    """List every submission of a call."""
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(why_not_list(competes=teams.is_competitor(session, actor().account_id, call.id)))
        call_rules = calls.rules_of(session, call)
        rows = queries.submissions_of_call(session, call.id)
        names = {team.id: team.name for team in teams.teams_of_call(session, call.id)}
        finals = {each.id for each in queries.final_submissions(session, call.id).values()}
        fetches = queries_fetches.fetches_of(session, [row.id for row in rows if row.hub])
    return render_template(
        "submissions/of_call.html",
        call=call,
        rows=rows[::-1],
        names=names,
        finals=finals,
        zone=call_rules.zone,
        fetches=fetches,
    )


def _team_page(team: Team, form: GrantForm) -> Page:
    with reading() as session:
        call = calls.call(session, team.call_id)
        call_rules: Rules = calls.rules_of(session, call)
        own: list[Submission] = queries.submissions_of_team(session, team.id)
        final, chosen = queries.final_of(session, team.id)
        ledger = queries.ledger_of(session, team.id)
        moment = teams.moment_of(session, call, now())
        captain = teams.is_captain(session, team.id, actor().account_id)
        stake = teams.stake_in(session, actor().account_id, team)
        page = render_template(
            "submissions/of_team.html",
            team=team,
            call=call,
            rules=call_rules,
            own=own,
            final=final,
            is_chosen=chosen,
            quotas=queries.quota_lines(session, team.id, call_rules),
            ledger=ledger,
            references=queries.references_of(session, [entry.submission_id for entry in ledger]),
            is_captain=captain,
            is_member=stake is Stake.MEMBER,
            why_not_grant=rules.why_not_grant(actor(), stake),
            is_over=moment.is_over,
            why_not_final=rules.why_not_choose_final(moment, is_captain=captain),
            form=form,
        )
    return page, 422 if form.errors or form.form_errors else 200
