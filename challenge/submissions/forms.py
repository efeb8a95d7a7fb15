"""The shapes of what is handed in, chosen and granted."""

from collections.abc import Collection

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from challenge.calls.document import PhaseKind, Rules
from challenge.calls.states import EntryKind
from challenge.submissions.endpoint import LONGEST_ADDRESS, LONGEST_KEY, LONGEST_MODEL, EndpointEntry
from challenge.submissions.hub import LONGEST as LONGEST_REFERENCE
from challenge.submissions.hub import HubEntry
from challenge.submissions.receipts import LONGEST
from challenge.teams.amounts import AmountError, whole_number
from challenge.web.forms import Form

ROUTE_WORDS = {
    "weights": "Release: we publish the models under an open-source licence, at least for non-commercial use",
    "publication": "Publication: we publish our findings in an open-access article",
}


WAYS = {
    "package": "The model in a package; the platform runs it",
    "hub": "A model on a hub, by its commit; the platform fetches it and runs it",
    "endpoint": "An endpoint of ours; the platform asks it",
}
"""How a model may be handed in, in the order in which the form offers it."""
ENDPOINT_ROUTES = (SelectChoice("chat", "chat/completions"), SelectChoice("completions", "completions"))
_LATER_CHECKED = {"autocomplete": "off", "spellcheck": "false"}


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
    way: RadioField | None = None
    """Where there are several: in which way the model is handed in; which fields are needed is checked later."""
    confirmed = BooleanField(
        "What we hand in is our own work or rightly used, and holds nobody's personal data without a legal ground.",
        [InputRequired("Confirm this to hand in.")],
    )

    def endpoint(self) -> EndpointEntry | None:
        """Return the endpoint; None where the model comes in another way."""
        return endpoint_entry(self) if self._chosen_way == "endpoint" else None

    def hub(self) -> HubEntry | None:
        """Return the model on a hub; None where it comes in another way."""
        return HubEntry.read(self.text("hub_model")) if self._chosen_way == "hub" else None

    @property
    def _chosen_way(self) -> str:
        return "package" if self.way is None else self.text("way")

    def hours(self, machines: list[str]) -> dict[str, int]:
        """Return the hours asked for by machine; call it only on a valid form."""
        return {machine: whole_number(self.text(hours_field(place)) or "0") for place, machine in enumerate(machines)}


class HubFields:
    """What a form has besides where a model may be handed in by its commit on a hub."""

    hub_model = StringField(
        "Model on the hub, with its commit", [Length(max=LONGEST_REFERENCE)], render_kw=_LATER_CHECKED
    )


class EndpointFields:
    """What a form has besides where a model may be handed in as an endpoint."""

    endpoint_url = StringField(
        "Address of the endpoint", [Length(max=LONGEST_ADDRESS)], render_kw={**_LATER_CHECKED, "inputmode": "url"}
    )
    endpoint_model = StringField("Name of the model there", [Length(max=LONGEST_MODEL)], render_kw=_LATER_CHECKED)
    endpoint_route = SelectField("Route", choices=ENDPOINT_ROUTES, default="chat")
    endpoint_key = PasswordField(
        "Key of the endpoint", [Length(max=LONGEST_KEY)], render_kw={"autocomplete": "new-password"}
    )


def endpoint_entry(form: Form) -> EndpointEntry:
    """Read the endpoint from a form that has its fields."""
    return EndpointEntry(
        url=form.text("endpoint_url"),
        model=form.text("endpoint_model"),
        route=form.text("endpoint_route"),
        key=form.text("endpoint_key"),
    )


def way_choices(offered: Collection[str]) -> list[SelectChoice]:
    """Return the ways in which a model may be handed in, as a form offers them."""
    return [SelectChoice(way, words) for way, words in WAYS.items() if way in offered]


class GrantForm(Form):
    """More submissions for a team, with a reason."""

    phase = SelectField("Phase", [InputRequired("Choose a phase.")])
    amount = IntegerField("How many more", [InputRequired("Write how many."), NumberRange(1, 100)], default=1)
    reason = StringField("Reason for granting more", [InputRequired("Write the reason."), Length(max=300)])


class FetchAgainForm(Form):
    """Why a model is fetched again."""

    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=2000)])


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


def submission_form(rules: Rules, takes: EntryKind, *, endpoints: bool = False, hub: bool = False) -> SubmissionForm:
    """Return the form of a call: what it takes, its routes, and a field of hours for each of its machines.

    With `hub` or `endpoints`, a model is handed in by one of several ways.
    """
    offered: dict[str, type] = {"hub": HubFields} if hub else {}
    offered |= {"endpoint": EndpointFields} if endpoints else {}

    class FormOfCall(*offered.values(), SubmissionForm):  # type: ignore[misc]  # of known classes
        """The form with this call's machines."""

    for place, machine in enumerate(rules.hours):
        label = f"Hours on {machine.machine}"
        setattr(FormOfCall, hours_field(place), StringField(label, [_hours], default="0", render_kw=_NUMERIC))
    if takes is EntryKind.MODEL:
        FormOfCall.predictions = None
        needed = [] if offered else [FileRequired("Choose the zip that holds your model.")]
        FormOfCall.package = FileField("Package", needed)
    if offered:
        FormOfCall.way = RadioField(
            "How you hand in the model",
            [InputRequired("Choose one of the ways.")],
            choices=way_choices({"package", *offered}),
        )
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
