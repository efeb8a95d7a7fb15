"""Pages that hand a board out as files, from which anybody can compute it again."""

import json
from collections.abc import Callable

from flask import Response as Stream
from flask import send_file
from werkzeug.wrappers import Response

from challenge.foundation.canonical import instant_text
from challenge.foundation.permits import demand
from challenge.standings import exports, operations_bundle, queries
from challenge.standings.pages import Page, standings
from challenge.standings.policy import is_official
from challenge.standings.queries_items import item_rows
from challenge.standings.queries_page import why_not_items
from challenge.standings.queries_shown import Shown, shown
from challenge.web.access import EVERYONE, open_to
from challenge.web.fragments import answer, fragments
from challenge.web.house import actor, house, reading

KINDS = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


@standings.get("/boards/<int:board_id>.<any(csv, json, parquet):kind>")
@standings.get("/boards/<int:board_id>/versions/<int:number>.<any(csv, json, parquet):kind>")
@open_to(EVERYONE)
def table(board_id: int, kind: str, number: int | None = None) -> Page:
    """Hand out the table of a board, with every entry on it."""

    def make(seen: queries.Glance, said: Shown) -> str | bytes:
        if kind == "json":
            return _document(_board_document(seen, said))
        if kind == "parquet":
            return exports.board_parquet(said.ranking, said.names, said.asides)
        return "".join(exports.board_csv(said.ranking, said.names, said.asides))

    return _handed_out(board_id, number, f"board.{kind}", make)


@standings.get("/boards/<int:board_id>/policy.json")
@standings.get("/boards/<int:board_id>/versions/<int:number>/policy.json")
@open_to(EVERYONE)
def policy_file(board_id: int, number: int | None = None) -> Page:
    """Hand out the policy that a board was computed by, as the instrument reads it."""
    return _handed_out(board_id, number, "policy.json", lambda _, said: _document(said.policy))


@standings.get("/boards/<int:board_id>/status.csv")
@standings.get("/boards/<int:board_id>/versions/<int:number>/status.csv")
@open_to(EVERYONE)
def status_file(board_id: int, number: int | None = None) -> Page:
    """Hand out the entries that are not ranked, with their reasons, as the instrument reads them."""
    return _handed_out(board_id, number, "status.csv", lambda _, said: "".join(exports.status_csv(said.ranking)))


@standings.get("/boards/<int:board_id>/items.<any(csv, parquet):kind>")
@standings.get("/boards/<int:board_id>/versions/<int:number>/items.<any(csv, parquet):kind>")
@open_to(EVERYONE)
def items_file(board_id: int, kind: str, number: int | None = None) -> Page:
    """Hand out the scores item by item, once they can no longer help anybody to cheat."""
    said = _with_items(board_id, number)
    if kind == "parquet":
        return _file(said.standing.scores_sha256, KINDS[kind], "items.parquet")
    # half a million rows: sent while they are read
    stream = house().files.open(said.standing.scores_sha256)
    answered = Stream(exports.items_csv(item_rows(stream)), mimetype=KINDS[kind])
    answered.headers.set("Content-Disposition", "attachment", filename="items.csv")
    return _asked_again(answered)


@standings.get("/boards/<int:board_id>/bundle.json")
@standings.get("/boards/<int:board_id>/versions/<int:number>/bundle.json")
@open_to(EVERYONE)
def bundle_file(board_id: int, number: int | None = None) -> Page:
    """Hand out policy, item scores and ranking in one file, which `python -m leaderboards verify` computes again."""
    said = _with_items(board_id, number)
    sha256 = operations_bundle.bundle_of(house().database, house().files, said.standing)
    return _file(sha256, KINDS["json"], f"board-{board_id}-v{said.version}-bundle.json")


def _handed_out(
    board_id: int, number: int | None, name: str, make: Callable[[queries.Glance, Shown], str | bytes]
) -> Response:
    """Answer with a file of a standing; the same for all who read the same names, so it is made once for them."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
        wanted = seen.stand.version if number is None else number

        def now() -> str | bytes:
            return make(seen, shown(session, seen, wanted))

        # whether a version may be seen at all is asked each time, before anything that is kept is looked for
        queries.demand_version(session, seen, wanted)
        key = ("board file", name, seen.board_id, wanted, seen.stand.frozen, seen.veil_key if seen.veiled else "")
        kept = fragments().get(key, now)
    stem, _, kind = name.partition(".")
    answered = answer(kept, mimetype=KINDS[kind])
    if kind != "json":
        filename = f"board-{board_id}-v{wanted}.{kind}" if stem == "board" else name
        answered.headers.set("Content-Disposition", "attachment", filename=filename)
    return answered


def _with_items(board_id: int, number: int | None) -> Shown:
    """Return a standing to whoever may have its item scores; raise Refused for the others."""
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)
        said = shown(session, seen, seen.stand.version if number is None else number)
    demand(why_not_items(seen))
    return said


def _file(sha256: str, mimetype: str, name: str) -> Response:
    answered = send_file(
        house().files.open(sha256), mimetype=mimetype, as_attachment=True, download_name=name, etag=False, max_age=None
    )
    return _asked_again(answered)


def _asked_again(answered: Response) -> Response:
    if not actor().signed_in:
        answered.headers["Cache-Control"] = "no-cache"
    return answered


def _board_document(seen: queries.Glance, said: Shown) -> dict[str, object]:
    usage = {
        entrant: {"energy_wh": f"{aside.watt_hours:f}", "energy_method": aside.method}
        if aside.watt_hours is not None
        else {}
        for entrant, aside in said.asides.items()
    }
    costs = {
        entrant: {"cost_eur": f"{aside.euros:f}"} for entrant, aside in said.asides.items() if aside.euros is not None
    }
    return {
        "board": seen.board_id,
        "part": seen.stand.part,
        "version": said.version,
        "made_at": instant_text(said.made_at),
        "frozen": seen.stand.frozen,
        "official": is_official(said.policy),
        "pseudonyms": said.veiled,
        "teams": said.names,
        "policy": said.policy,
        "ranking": said.plain(),
        "usage": {
            entrant: {**found, **costs.get(entrant, {})}
            for entrant, found in usage.items()
            if found or entrant in costs
        },
        **(
            {"ranking_digest": said.digests["ranking"], "scores_sha256": said.digests["scores"]} if said.digests else {}
        ),
    }


def _document(plain: object) -> str:
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
