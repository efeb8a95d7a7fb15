"""The shapes of what is handed in, chosen and granted."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from challenge.calls.document import PhaseKind, Rules
from challenge.calls.states import EntryKind
from challenge.submissions.receipts import LONGEST
from challenge.teams.amounts import AmountError, whole_number
from challenge.web.forms import Form

ROUTE_WORDS = {
    "weights": "Release: we publish the models under an open-source licence, at least for non-commercial use",
    "publication": "Publication: we publish our findings in an open-access article",
}


class SubmissionForm(Form):
    """An entry's words and files; the hours of each machine are added by `submission_form`."""

    title = StringField("Title", [InputRequired("Write a title."), Length(max=200)])
    abstract = TextAreaField(
        "Abstract", [InputRequired("Write a few sentences."), Length(max=10_000)], render_kw={"rows": 7}
    )
    declared_licence = StringField("Licence of what you release", [Length(max=200)])
    route = RadioField("Route after an award", [InputRequired("Choose a route.")])
    doi = StringField("DOI of the article", [Length(max=220)])
    predictions = FileField("Predictions", [FileRequired("Choose the file with your predictions.")])
    package = FileField("Package")
    confirmed = BooleanField(
        "What we hand in is our own work or rightly used, and holds nobody's personal data without a legal ground.",
        [InputRequired("Confirm this to hand in.")],
    )

    def hours(self, machines: list[str]) -> dict[str, int]:
        """Return the hours asked for by machine; call it only on a valid form."""
        return {machine: whole_number(self.text(hours_field(place)) or "0") for place, machine in enumerate(machines)}


class GrantForm(Form):
    """More submissions for a team, with a reason."""

    phase = SelectField("Phase", [InputRequired("Choose a phase.")])
    amount = IntegerField("How many more", [InputRequired("Write how many."), NumberRange(1, 100)], default=1)
    reason = StringField("Reason for granting more", [InputRequired("Write the reason."), Length(max=300)])


class ReceiptForm(Form):
    """A receipt that somebody wants to have checked."""

    receipt = TextAreaField(
        "Content of receipt.json",
        [InputRequired("Paste the receipt."), Length(max=LONGEST)],
        render_kw={"rows": 12, "spellcheck": "false"},
    )


def hours_field(place: int) -> str:
    """Return the name of the field with the hours on the call's machine at `place`."""
    return f"hours_{place}"


def submission_form(rules: Rules, takes: EntryKind) -> SubmissionForm:
    """Return the form of a call: what it takes, its routes, and a field of hours for each of its machines."""

    class FormOfCall(SubmissionForm):
        """The form with this call's machines."""

    for place, machine in enumerate(rules.hours):
        label = f"Hours on {machine.machine}"
        setattr(FormOfCall, hours_field(place), StringField(label, [_hours], default="0", render_kw=_NUMERIC))
    if takes is EntryKind.MODEL:
        FormOfCall.predictions = None
        FormOfCall.package = FileField("Package", [FileRequired("Choose the zip that holds your model.")])
    form = FormOfCall()
    form.route.choices = [SelectChoice(route, ROUTE_WORDS.get(route, route.capitalize())) for route in rules.routes]
    return form


def grant_form(rules: Rules) -> GrantForm:
    """Return the form in which more submissions are granted in one of the call's phases."""
    form = GrantForm()
    form.phase.choices = [
        SelectChoice(each.key, each.title) for each in rules.phases if each.kind is PhaseKind.SUBMISSION
    ]
    return form


_NUMERIC = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}


def _hours(_form: Form, field: Field) -> None:
    try:
        whole_number(str(field.data or "0"))
    except AmountError as error:
        raise ValidationError(str(error)) from None
