"""Hands a board out in the schema Every Eval Ever, by which evaluations of many kinds are put side by side."""

from flask import send_file
from werkzeug.wrappers import Response

from challenge.calls import queries as calls
from challenge.foundation.permits import demand
from challenge.standings import operations_every_eval_ever, queries, rules_every_eval_ever
from challenge.standings.pages import Page, standings
from challenge.standings.queries_every_eval_ever import origin_of
from challenge.standings.queries_page import why_not_samples
from challenge.standings.queries_shown import shown
from challenge.web.access import EVERYONE, open_to
from challenge.web.fragments import answer, fragments
from challenge.web.house import actor, house, reading

ZIP = "application/zip"


@standings.get("/boards/<int:board_id>/every-eval-ever.zip")
@standings.get("/boards/<int:board_id>/versions/<int:number>/every-eval-ever.zip")
@open_to(EVERYONE)
def every_eval_ever(board_id: int, number: int | None = None) -> Page:
    """Hand out the scores of every ranked entry."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
        wanted = seen.stand.version if number is None else number
        queries.demand_version(session, seen, wanted)
    told = rules_every_eval_ever.told(seen.reader, seen.stand, veiled=seen.veiled)

    def make() -> bytes:
        with reading() as session:
            said = shown(session, seen, wanted)
            origin = origin_of(session, seen, said, told)
        return operations_every_eval_ever.scores_zip(house().files, origin, said)  # nothing is computed while it waits

    key = ("every eval ever", board_id, wanted, told, seen.veil_key if seen.veiled else "")
    return _named(answer(fragments().get(key, make), mimetype=ZIP), board_id, wanted, "every-eval-ever")


@standings.get("/boards/<int:board_id>/every-eval-ever-samples.zip")
@standings.get("/boards/<int:board_id>/versions/<int:number>/every-eval-ever-samples.zip")
@open_to(EVERYONE)
def every_eval_ever_samples(board_id: int, number: int | None = None) -> Page:
    """Hand out the same with every public item, to whoever may have the item scores."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
        wanted = seen.stand.version if number is None else number
        said = shown(session, seen, wanted)
        demand(why_not_samples(seen, calls.suite(session, seen.suite_id)))
        told = rules_every_eval_ever.told(seen.reader, seen.stand, veiled=seen.veiled)
        origin = origin_of(session, seen, said, told)
    stream = operations_every_eval_ever.samples_zip(house().files, origin, said)
    answered = send_file(stream, mimetype=ZIP, etag=False, max_age=None)
    if not actor().signed_in:
        answered.headers["Cache-Control"] = "no-cache"
    return _named(answered, board_id, wanted, "every-eval-ever-samples")


def _named(answered: Response, board_id: int, version: int, name: str) -> Response:
    answered.headers.set("Content-Disposition", "attachment", filename=f"board-{board_id}-v{version}-{name}.zip")
    return answered
