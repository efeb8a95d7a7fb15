"""Pages where an admin brings a bundle of another platform, sees what becomes of it, and makes a draft of it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

from flask import flash, redirect, render_template, send_file, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from challenge.calls import queries, rules
from challenge.calls.dates import read_zone
from challenge.calls.forms import BundleForm, CallFileForm
from challenge.calls.importing.drafts import DraftPage
from challenge.calls.importing.originals import Original
from challenge.calls.importing.plain_text import one_line
from challenge.calls.importing.reports import Fate, Weight
from challenge.calls.importing.telling import by_weight, by_words, facts, parts
from challenge.calls.importing.writing import write_call
from challenge.calls.operations_bundles import LARGEST_BUNDLE, OpenedBundle, keep_bundle, read_original
from challenge.calls.pages import Page
from challenge.calls.pages_manage import calls as calls
from challenge.calls.pages_manage import take_call_file
from challenge.calls.problems import Problem
from challenge.calls.records import Call
from challenge.foundation.permits import Invalid, NotFound, Role, demand
from challenge.web.access import open_to
from challenge.web.house import house, reading
from challenge.web.sizes import LARGEST_FORM, takes_up_to

SALT = "bundle"
MOST_SHOWN = 200_000
"""Characters of all pages of a bundle together that are shown."""
HEADINGS = {
    Weight.ERROR: ("To mend in the bundle", "No draft can be made before this is mended."),
    Weight.DOUBT: ("To look at", "Here two places disagree, or something needed is not said."),
    Weight.NOTE: ("To know", ""),
}


@calls.get("/calls/import")
@calls.post("/calls/import")
@open_to(Role.ADMIN)
@takes_up_to(LARGEST_BUNDLE + LARGEST_FORM)
def bring_bundle() -> Page:
    """Take a bundle, keep it, and lead to what becomes of it."""
    form = BundleForm()
    if form.validate_on_submit():
        try:
            stored = keep_bundle(house().files, form.bundle.data.stream)
            name = str(form.bundle.data.filename or "")[-100:]
            original = Original(stored.sha256, name, form.text("zone"), form.text("opens_at"), form.text("closes_at"))
            _read(original)
            return redirect(url_for("calls.bundle", token=_token(original)), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    return render_template("calls/bring.html", form=form), 422 if form.errors or form.form_errors else 200


@calls.get("/calls/import/<token>")
@open_to(Role.ADMIN)
def bundle(token: str) -> Page:
    """Show what a bundle says and what becomes of each of its keys."""
    opened, form = _read(_brought(token)), CallFileForm(formdata=None)
    if opened.reading.draft is not None:
        form.source.data = write_call(opened.reading.draft, original=opened.sha256).text
    return _page(opened, url_for("calls.original", token=token), form)


@calls.post("/calls/import/<token>")
@open_to(Role.ADMIN)
def draft_of_bundle(token: str) -> Page:
    """Make the draft of the call file, once its gaps are filled."""
    original, form, place = _brought(token), CallFileForm(), url_for("calls.original", token=token)
    opened = _read(original)
    if opened.reading.draft is None:
        form.form_errors.append("Errors leave no draft of this bundle. Mend them in the bundle, and bring it again.")
        return _page(opened, place, form), 422
    call, problems = take_call_file(form, original=original) if form.validate_on_submit() else (None, ())
    if call is not None:
        flash(f"The rules are in: version {call.version}, a draft. Add the suites next.", "success")
        return redirect(url_for("calls.manage", key=call.key), 303)
    return _page(opened, place, form, problems=problems), 422


@calls.get("/calls/import/<token>/original")
@open_to(Role.ADMIN)
def original(token: str) -> Page:
    """Give a bundle back as it was brought, to the byte."""
    return _given_back(_brought(token))


@calls.get("/calls/<key>/bundle")
@open_to(Role.ADMIN)
def bundle_of_call(key: str) -> Page:
    """Show what became of the bundle that a call was made from, as it was shown when it was brought.

    Where the log does not say how it was read, only the original is shown.
    """
    call, found = _of_call(key)
    if not found.repeatable:
        size = house().files.path(found.sha256).stat().st_size
        return render_template("calls/original.html", call=call, original=found, size=size)
    return _page(_read(found), url_for("calls.original_of_call", key=key), call=call)


@calls.get("/calls/<key>/bundle/original")
@open_to(Role.ADMIN)
def original_of_call(key: str) -> Page:
    """Give back the bundle that a call was made from, to the byte."""
    call, found = _of_call(key)
    demand(rules.why_not_fetch_original(state=call.state))
    return _given_back(found)


def _page(
    opened: OpenedBundle,
    place: str,
    form: CallFileForm | None = None,
    *,
    call: Call | None = None,
    problems: Sequence[Problem] = (),
) -> str:
    """Show a report; `place` is where its original is given back, and without a form no draft can be made of it."""
    draft, report = opened.reading.draft, opened.reading.report
    pages = [page for page in draft.pages if page.text] if draft else []
    shown = list(_within(pages, MOST_SHOWN))
    return render_template(
        "calls/bundle.html",
        opened=opened,
        place=place,
        size=house().files.path(opened.sha256).stat().st_size,
        reading=opened.reading,
        facts=list(facts(opened.reading)),
        parts=parts(draft) if draft else (),
        remarks=[(weight, *HEADINGS[weight], by_weight(report.remarks, weight)) for weight in Weight],
        fates=[(fate, len(report.rows_of(fate)), by_words(report.rows_of(fate))) for fate in (Fate.LEFT, Fate.CARRIED)],
        gaps=write_call(draft, original=opened.sha256).gaps if draft else (),
        pages=shown,
        pages_cut=shown != pages,
        form=form,
        call=call,
        problems=problems,
    )


def _within(pages: Sequence[DraftPage], most: int) -> Iterator[DraftPage]:
    """Yield pages until their texts come to `most` characters; the last is cut."""
    for page in pages:
        if most <= 0:
            return
        yield replace(page, text=page.text[:most])
        most -= len(page.text)


def _token(original: Original) -> str:
    """Sign all that is known of an original, so that no address leads to another file of the store."""
    return str(_signer().dumps(asdict(original)))


def _brought(token: str) -> Original:
    """Return what a token was signed for; raise NotFound where it was not, or the file is gone."""
    try:
        return _there(Original(**_signer().loads(token)))
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None


def _of_call(key: str) -> tuple[Call, Original]:
    """Return a call and the bundle that it was made from; raise NotFound where there is no such."""
    with reading() as session:
        call = queries.call_by_key(session, key)
        found = queries.original_of(session, call)
    if found is None:
        raise NotFound
    return call, _there(found)


def _there(original: Original) -> Original:
    """Return an original that lies in the store; raise NotFound where it does not."""
    if not house().files.has(original.sha256):
        raise NotFound
    return original


def _given_back(original: Original) -> Page:
    return send_file(
        house().files.path(original.sha256),
        mimetype="application/octet-stream",  # never a type that a browser would open by itself
        as_attachment=True,
        download_name=one_line(original.name).replace("/", "-").replace("\\", "-") or "bundle",
        etag=original.sha256,
        max_age=0,
    )


def _read(original: Original) -> OpenedBundle:
    zone = read_zone(original.zone) if original.zone else None
    path = house().files.path(original.sha256)
    return read_original(path, name=original.name, zone=zone, opens_at=original.opens_at, closes_at=original.closes_at)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(house().settings.secret_key, salt=SALT)
