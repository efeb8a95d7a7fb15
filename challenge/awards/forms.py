"""The shapes of what is filled in around a decision and an award."""

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, DateField, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, Optional, Regexp

from challenge.awards.deliberation import Deliberation, Vote, Withheld
from challenge.submissions.hub import LONGEST
from challenge.web.forms import Form

_WHOLE = Regexp(r"^[0-9]{1,12}$", message="Write a whole number, digits only.")
_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class ReasonForm(Form):
    """Why something is withdrawn or turned down."""

    reason = StringField("Reason", [InputRequired("Write the reason."), Length(max=2000)])


class DeliberationForm(Form):
    """What the panel decided beyond scores; made by `deliberation_form`."""

    def deliberation(self, references: Iterable[str]) -> Deliberation:
        """Return the votes and the withheld awards that were filled in; call it only on a valid form."""
        named = list(references)
        return Deliberation(
            votes=tuple(
                Vote(reference, int(self.text(f"vote_{reference}")), self.text(f"vote_reason_{reference}").strip())
                for reference in named
                if f"vote_{reference}" in self._fields and self.text(f"vote_{reference}")
            ),
            withheld=tuple(
                Withheld(reference, self.text(f"withhold_reason_{reference}").strip())
                for reference in named
                if self._fields[f"withhold_{reference}"].data
            ),
        )


def deliberation_form(finalists: Sequence[tuple[str, str]], tied: Sequence[str]) -> type[DeliberationForm]:
    """Make the form of a proposal for finalists (reference and team), with a vote for each of the tied."""
    fields: dict[str, object] = {}
    for reference, team in finalists:
        if reference in tied:
            fields[f"vote_{reference}"] = StringField(f"Votes for {team}", [Optional(), _WHOLE], render_kw=_NUMBER)
            fields[f"vote_reason_{reference}"] = StringField(f"Reason for the vote on {team}", [Length(max=2000)])
        fields[f"withhold_{reference}"] = BooleanField(f"The panel does not recommend {team}")
        fields[f"withhold_reason_{reference}"] = TextAreaField(
            f"Reason not to recommend {team}", [Length(max=2000)], render_kw={"rows": 2}
        )
    return type("ProposalForm", (DeliberationForm,), fields)


class UsageForm(Form):
    """Hours used in a month."""

    period = SelectField("Month", [InputRequired("Choose a month.")], choices=[])
    hours = StringField("Hours used", [InputRequired("Write the hours."), _WHOLE], render_kw=_NUMBER)

    def offer(self, periods: Sequence[str]) -> None:
        """Offer the months that have begun."""
        self.period.choices = [SelectChoice(period, period) for period in periods]


class UsageFileForm(Form):
    """A site's report of several months."""

    file = FileField("File", render_kw={"accept": ".csv,text/csv"})


class ExtensionForm(Form):
    """A later due date for a release, and why."""

    day = DateField("New due date", [InputRequired("Choose a day.")])
    extension_reason = TextAreaField(
        "Why the time is extended", [InputRequired("Write the reason."), Length(max=2000)], render_kw={"rows": 2}
    )


class AcceptForm(Form):
    """Why a proof is accepted, needed where the platform's look at the release found something."""

    accept_reason = TextAreaField("Why it is accepted all the same", [Length(max=2000)], render_kw={"rows": 2})


class NoteForm(Form):
    """What came of a finding after a release was accepted."""

    note = TextAreaField(
        "What you found out, and what was done",
        [InputRequired("Write it down."), Length(max=2000)],
        render_kw={"rows": 2},
    )
    look = HiddenField()

    @property
    def check_id(self) -> int:
        """The look that the officer saw; 0 where none is named."""
        named = self.text("look")
        return int(named) if named.isascii() and named.isdigit() and len(named) <= 18 else 0


class ProofForm(Form):
    """Where a release lies."""

    model = StringField("Model on the hub, with its commit", [Length(max=LONGEST)], render_kw={"autocomplete": "off"})
    url = StringField("Address of the release", [Length(max=500)], render_kw={"inputmode": "url"})
    sha256 = StringField("SHA-256 of the released file", [Length(max=64)], render_kw={"autocomplete": "off"})
    doi = StringField("DOI of the publication", [Length(max=200)])
