"""The auditor's page: the log line by line, whether it holds, and all of it as a file."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from challenge.dashboards import queries_office
from challenge.foundation.audit import audit_head, first_break
from challenge.foundation.canonical import instant_text
from challenge.foundation.permits import Role
from challenge.web.access import open_to
from challenge.web.house import reading

audit = Blueprint("audit", __name__, template_folder="templates")
PAGE = 50


@audit.get("/audit")
@open_to(Role.AUDITOR, Role.ADMIN)
def lines() -> str:
    """Show the newest lines of the log, filtered as asked."""
    verb, subject = request.args.get("verb", "")[:60], request.args.get("subject", "")[:120]
    before = request.args.get("before", type=_number)
    with reading() as session:
        found = queries_office.audit_lines(session, verb=verb, subject=subject, before=before, limit=PAGE + 1)
        return render_template(
            "dashboards/audit.html",
            lines=found[:PAGE],
            more=found[PAGE - 1].number if len(found) > PAGE else None,
            verbs=queries_office.verbs(session),
            verb=verb,
            subject=subject,
            head=audit_head(session),
        )


@audit.get("/audit/check")
@open_to(Role.AUDITOR, Role.ADMIN)
def check() -> AnyResponse:
    """Walk the whole log and say whether it holds."""
    with reading() as session:
        broken = first_break(session)
        length, _ = audit_head(session)
    if broken is None:
        flash(f"The log holds: every one of its {length:,} lines follows the line before it.", "success")
    else:
        flash(f"The log does not hold. {broken.sentence}", "error")
    return redirect(url_for("audit.lines"), 303)


@audit.get("/audit.jsonl")
@open_to(Role.AUDITOR, Role.ADMIN)
def file() -> Response:
    """Give out the whole log, one line of JSON for each line of the log, oldest first."""
    with reading() as session:
        everything = queries_office.audit_lines(session, limit=10**9)
        text = "".join(
            json.dumps(
                {
                    "number": line.number,
                    "at": instant_text(line.at),
                    "account_id": line.account_id,
                    "actor_name": line.actor_name,
                    "verb": line.verb,
                    "subject": line.subject,
                    "particulars": line.particulars,
                    "before": line.before,
                    "salt": line.salt,
                    "hash": line.hash,
                },
                ensure_ascii=False,
            )
            + "\n"
            for line in reversed(everything)
        )
    headers = {"Content-Disposition": "attachment; filename=audit.jsonl"}
    return Response(text, mimetype="application/jsonl", headers=headers)


def _number(text: str) -> int:
    """Read the number of a line; one beyond the end of every log means the end."""
    return min(int(text), 2**62)
