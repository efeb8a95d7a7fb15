"""Pages of a call's archives: which there are, how one is asked for, its file; and the logs that came along."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from challenge.archives import operations, queries, rules
from challenge.archives.forms import ArchiveForm
from challenge.archives.operations_proofs import prove
from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.earlier import earlier_logs
from challenge.foundation.permits import Invalid, NotFound, Role, demand
from challenge.teams.queries import is_competitor
from challenge.web.access import open_to
from challenge.web.house import actor, house, now, reading, transaction

archives = Blueprint("archives", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]
AT_ONCE = 50
LAST = 2**62


@archives.get("/calls/<key>/archives")
@open_to(Role.ADMIN)
def show(key: str) -> Page:
    """Show the archives of a call, and the form that asks for one."""
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(queries.why_not_read(session, actor(), call))
        wish = queries.usual_wish(session, call.id)
    form = ArchiveForm(formdata=None)
    form.show(wish)
    return _page(call, form)


@archives.post("/calls/<key>/archives")
@open_to(Role.ADMIN)
def ask(key: str) -> Page:
    """Ask for an archive."""
    form = ArchiveForm()
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(queries.why_not_read(session, actor(), call))
    if form.validate_on_submit():
        wish = form.wish
        try:
            with transaction() as session:
                operations.ask_archive(
                    session, actor=actor(), call=call, people=wish.people, left_out=wish.left_out, now=now()
                )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash("A worker writes the archive; this page says when its file is there.", "success")
            return redirect(url_for("archives.show", key=key), 303)
    return _page(call, form), 422


@archives.get("/calls/<key>/archives/<int:archive_id>.zip")
@open_to(Role.ADMIN)
def file(key: str, archive_id: int) -> Page:
    """Give out the file of an archive."""
    with reading() as session:
        call = calls.call_by_key(session, key)
        demand(queries.why_not_read(session, actor(), call))
        archive = queries.archive_of(session, call.id, archive_id)
    demand(
        rules.why_not_fetch(sha256=archive.sha256, is_there=bool(archive.sha256) and house().files.has(archive.sha256))
    )
    return send_file(
        house().files.path(archive.sha256),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{call.key}-{archive.manifest_sha256[:12]}.zip",
        etag=archive.sha256,
        max_age=0,
    )


@archives.get("/calls/<key>/log")
@open_to(Role.AUDITOR, Role.ADMIN)
def log(key: str) -> str:
    """Show what the logs of earlier sites say of a call that was brought here, newest first."""
    before = request.args.get("before", default=LAST, type=int)
    with reading() as session:
        call = calls.known_call(session, actor(), key)
        demand(rules.why_not_read_log(competes=is_competitor(session, actor().account_id, call.id)))
        logs = earlier_logs(session, f"call {call.key}")
        if not logs:
            raise NotFound
        number = min(max(request.args.get("log", default=len(logs), type=int), 1), len(logs))
        before = min(max(before, 0), LAST)
        lines = queries.earlier_page(session, logs[number - 1], before=before, limit=AT_ONCE + 1)
        return render_template(
            "archives/log.html",
            call=call,
            logs=logs,
            log=logs[number - 1],
            lines=lines[:AT_ONCE],
            more=lines[AT_ONCE - 1].number if len(lines) > AT_ONCE else None,
            came=queries.brought(session, call.id),
        )


@archives.get("/calls/<key>/log/check")
@open_to(Role.AUDITOR, Role.ADMIN)
def check(key: str) -> Response:
    """Prove whatever can be proved of a call that was brought here, and say what it came to."""
    with reading() as session:
        call = calls.known_call(session, actor(), key)
        demand(rules.why_not_read_log(competes=is_competitor(session, actor().account_id, call.id)))
        if queries.brought(session, call.id) is None:
            raise NotFound
        try:
            proofs = prove(session, call)
            told = "; ".join(f"{proof.count:,} {proof.what}" for proof in proofs)
            flash(f"Everything holds: {told}.", "success")
        except Invalid as invalid:
            flash(f"Something does not hold. {invalid.sentence}", "error")
    return redirect(url_for("archives.log", key=key), 303)


def _page(call: Call, form: ArchiveForm) -> str:
    with reading() as session:
        return render_template(
            "archives/show.html",
            call=call,
            zone=calls.rules_of(session, call).zone,
            form=form,
            archives=queries.archives_of(session, call.id),
            came=queries.brought(session, call.id),
            why_not=queries.why_not_ask(session, actor(), call),
        )
