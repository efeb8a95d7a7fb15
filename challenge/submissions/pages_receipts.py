"""Pages where anybody checks a receipt; the last in the chain of files that add to the room's blueprint."""

from flask import render_template

from challenge.foundation.earlier import former_keys
from challenge.submissions import queries
from challenge.submissions.forms import ReceiptForm
from challenge.submissions.pages import Page
from challenge.submissions.pages_submit import submissions as submissions
from challenge.submissions.receipts import Check, Verdict, check_receipt
from challenge.web.access import EVERYONE, open_to
from challenge.web.house import house, reading


@submissions.get("/receipts/check")
@submissions.post("/receipts/check")
@open_to(EVERYONE)
def check_page() -> Page:
    """Check the signature of a receipt that somebody pastes."""
    form = ReceiptForm()
    check: Check | None = None
    kept = False
    if form.validate_on_submit():
        with reading() as session:
            check = check_receipt(form.text("receipt"), keys={house().signer.public_key, *former_keys(session)})
            kept = check.verdict is Verdict.GENUINE and queries.is_on_record(session, check.signature)
    page = render_template("submissions/check.html", form=form, check=check, kept=kept)
    return page, 422 if form.errors else 200


@submissions.get("/receipts/key")
@open_to(EVERYONE)
def key_page() -> Page:
    """Show the public key, and how a receipt is verified without this site."""
    with reading() as session:
        former = sorted(former_keys(session))
    return render_template("submissions/key.html", public_key=house().signer.public_key, former_keys=former)
