"""The shapes of asking for another round, and of choosing what the queue shows."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from challenge.runs.states import Outcome, RunState
from challenge.submissions.endpoint import EndpointEntry
from challenge.submissions.forms import EndpointFields, endpoint_entry, way_choices
from challenge.web.forms import Form


class RejudgeForm(Form):
    """A suite and the reason for evaluating everything on it again."""

    suite = SelectField("Suite", [InputRequired("Choose a suite.")], coerce=str)
    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=2000)])


class ReasonForm(Form):
    """Why something is done that auditors will ask about."""

    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=2000)])


class DeleteKeyForm(Form):
    """That the key of an endpoint is to be deleted for good."""

    confirmed = BooleanField(
        "No run of this submission can be repeated then, and we want that",
        [InputRequired("Confirm this to delete it.")],
    )


class TrialForm(Form):
    """A file to be tried, and on which suite."""

    suite = SelectField("Suite", [InputRequired("Choose a suite.")], coerce=str)
    file = FileField("File", [FileRequired("Choose the file.")])


class EndpointTrialForm(EndpointFields, TrialForm):
    """A file or an endpoint to be tried; the fields of an endpoint are those by which one is handed in."""

    way = RadioField(
        "What you try",
        [InputRequired("Choose one of the two ways.")],
        choices=way_choices({"package", "endpoint"}),
    )
    file = FileField("File")

    def endpoint(self) -> EndpointEntry | None:
        """Return the endpoint; None where a file is tried."""
        return endpoint_entry(self) if self.text("way") == "endpoint" else None


STATES = {state.value: state for state in RunState}
OUTCOMES = {outcome.value: outcome for outcome in Outcome}
