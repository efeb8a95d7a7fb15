"""The public page of what winners owe and have released."""

from flask import render_template

from challenge.awards import queries, queries_releases
from challenge.awards.pages import Page, awards
from challenge.calls import queries as calls
from challenge.web.access import EVERYONE, open_to
from challenge.web.house import actor, now, reading

__all__ = ["awards"]


@awards.get("/calls/<key>/releases")
@open_to(EVERYONE)
def releases(key: str) -> Page:
    """Show every winner's release, done or owed; before a decision is signed, that there is none yet."""
    with reading() as session:
        call = calls.known_call(session, actor(), key)
        signed = queries.decision_of(session, call.id)
        return render_template(
            "awards/releases.html",
            call=call,
            rules=calls.rules_of(session, call),
            signed=signed is not None,
            releases=queries_releases.releases_of(session, signed.id) if signed else [],
            now=now(),
        )
