"""Pages that hand a board out as files, from which anybody can compute it again."""

import json
from collections.abc import Iterator

from flask import Response as Stream
from flask import send_file
from werkzeug.wrappers import Response

from challenge.foundation.canonical import instant_text
from challenge.foundation.permits import demand
from challenge.standings import exports, queries, rules
from challenge.standings.pages import Page, standings
from challenge.standings.queries_items import item_rows
from challenge.standings.ranking import written_out
from challenge.standings.records import Standing
from challenge.web.access import EVERYONE, open_to
from challenge.web.fragments import Fragment, answer
from challenge.web.house import actor, house, reading


@standings.get("/boards/<int:board_id>.<any(csv, json):kind>")
@standings.get("/boards/<int:board_id>/versions/<int:number>.<any(csv, json):kind>")
@open_to(EVERYONE)
def table(board_id: int, kind: str, number: int | None = None) -> Page:
    """Hand out the table of a board, with every entry on it."""
    seen, standing = _standing(board_id, number)
    if kind == "json":
        return _document(_board_document(seen, standing))
    ranking, names = queries.ranking_of(standing), queries.names_of(standing)
    return _sheet(exports.board_csv(ranking, names), f"board-{board_id}-v{standing.version}.csv")


@standings.get("/boards/<int:board_id>/policy.json")
@standings.get("/boards/<int:board_id>/versions/<int:number>/policy.json")
@open_to(EVERYONE)
def policy_file(board_id: int, number: int | None = None) -> Page:
    """Hand out the policy that a board was computed by, as the instrument reads it."""
    _, standing = _standing(board_id, number)
    return _document(queries.policy_of(standing))


@standings.get("/boards/<int:board_id>/status.csv")
@standings.get("/boards/<int:board_id>/versions/<int:number>/status.csv")
@open_to(EVERYONE)
def status_file(board_id: int, number: int | None = None) -> Page:
    """Hand out the entries that are not ranked, with their reasons, as the instrument reads them."""
    _, standing = _standing(board_id, number)
    return _sheet(exports.status_csv(queries.ranking_of(standing)), "status.csv")


@standings.get("/boards/<int:board_id>/items.<any(csv, parquet):kind>")
@standings.get("/boards/<int:board_id>/versions/<int:number>/items.<any(csv, parquet):kind>")
@open_to(EVERYONE)
def items_file(board_id: int, kind: str, number: int | None = None) -> Page:
    """Hand out the scores item by item, once they can no longer help anybody to cheat."""
    seen, standing = _standing(board_id, number)
    demand(rules.why_not_items(actor(), seen.stand))
    stream = house().files.open(standing.scores_sha256)
    if kind == "parquet":
        answered = send_file(
            stream, mimetype="application/vnd.apache.parquet", as_attachment=True, download_name="items.parquet",
            etag=False, max_age=None,
        )  # fmt: skip
    else:
        # half a million rows: sent while they are read
        answered = Stream(exports.items_csv(item_rows(stream)), mimetype="text/csv")
        answered.headers.set("Content-Disposition", "attachment", filename="items.csv")
    if not actor().signed_in:
        answered.headers["Cache-Control"] = "no-cache"
    return answered


def _standing(board_id: int, number: int | None) -> tuple[queries.Glance, Standing]:
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
        wanted = seen.stand.version if number is None else number
        return seen, queries.standing_for(session, actor(), seen, wanted)


def _board_document(seen: queries.Glance, standing: Standing) -> dict[str, object]:
    return {
        "board": seen.board_id,
        "part": seen.stand.part,
        "version": standing.version,
        "made_at": instant_text(standing.made_at),
        "frozen": seen.stand.frozen,
        "teams": queries.names_of(standing),
        "policy": queries.policy_of(standing),
        "ranking": written_out(standing.ranking),
        "ranking_digest": standing.ranking_digest,
        "scores_sha256": standing.scores_sha256,
    }


def _document(plain: dict[str, object]) -> Response:
    text = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
    return answer(Fragment.of(text), mimetype="application/json")


def _sheet(pieces: Iterator[str], name: str) -> Response:
    answered = answer(Fragment.of("".join(pieces)), mimetype="text/csv")
    answered.headers.set("Content-Disposition", "attachment", filename=name)
    return answered
