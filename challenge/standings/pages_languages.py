"""The page that takes a board apart by language: a map of one entry with its table, and all entries side by side."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from challenge.foundation.permits import NotFound
from challenge.standings import operations_languages, policy, queries
from challenge.standings.languages import extremes, hundredths, shade, tiles
from challenge.standings.pages import Page, standings
from challenge.standings.paging import Asked, piece_of
from challenge.standings.policy import SuiteTask
from challenge.standings.queries_page import BoardView, board_view
from challenge.web.access import EVERYONE, open_to
from challenge.web.fragments import answer, fragments, is_plain_visit
from challenge.web.house import actor, house, reading


@standings.get("/boards/<int:board_id>/versions/<int:number>/languages")
@open_to(EVERYONE)
def languages(board_id: int, number: int) -> Page:
    """Show a board's parallel tasks language by language."""
    entrant = request.args.get("entry", "")
    wanted = Asked(after=request.args.get("after", ""), everything=request.args.get("show") == "all")
    with reading() as session:
        seen = queries.glance_for(session, actor(), board_id)

    def make() -> str:
        with reading() as session:
            view = board_view(session, seen, number)
            view.standing.names  # noqa: B018  read while the session is open
        return _render(view, entrant, wanted)  # nothing is computed while the database waits

    if is_plain_visit():
        return answer(fragments().get(("languages", seen, number, entrant, wanted), make))
    return Response(make(), mimetype="text/html")


def _render(view: BoardView, entrant: str, wanted: Asked) -> str:
    said = view.standing
    parallel = [task for task in view.tasks if task.languages]
    ranked = said.ranking.entries
    if not parallel or not ranked:
        raise NotFound
    chosen = entrant or ranked[0].entrant
    if chosen not in {one.entrant for one in ranked}:
        raise NotFound
    try:
        piece = piece_of(ranked, wanted)
    except LookupError:
        raise NotFound from None
    base = url_for("standings.version", board_id=view.seen.board_id, number=view.version)
    return render_template(
        "standings/languages.html",
        call=view.call,
        view=view,
        base=base,
        chosen=chosen,
        names=said.names,
        ranked=ranked,
        piece=piece,
        sure=policy.percent(view.rules.ranking.confidence),
        tasks=[_task(view, task, chosen, [one.entrant for one in piece.entries]) for task in parallel],
        hundredths=hundredths,
    )


def _task(view: BoardView, task: SuiteTask, chosen: str, shown: list[str]) -> dict[str, object]:
    said, files = view.standing, house().files
    parallel = operations_languages.Parallel.of(task)
    spoken = operations_languages.spoken_of(parallel)
    sha256, confidence = said.standing.scores_sha256, float(view.rules.ranking.confidence)
    own = operations_languages.in_languages(files, sha256, parallel, said.references[chosen], confidence)
    means = operations_languages.means(files, sha256, parallel)
    rows = [(one, means.get(said.references[one])) for one in shown]
    return {
        "task": task,
        "spoken": spoken,
        "own": own,
        "tiles": tiles(own.by_language, task) if own else [],
        "best_worst": extremes(own.by_language, spoken, higher_is_better=task.higher_is_better) if own else None,
        "rows": [
            (one, [(shade(mean[s.tag], task), hundredths(mean[s.tag])) for s in spoken] if mean else None)
            for one, mean in rows
        ],
    }
