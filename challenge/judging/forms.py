"""The shapes of what admins and judges fill in about a panel and its entries."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length

from challenge.calls.document import Criterion
from challenge.judging.marks import choices
from challenge.judging.records import Review
from challenge.judging.writing import SURE, Written
from challenge.people.records import Account
from challenge.web.forms import Form

_MARKS = [SelectChoice("", "Choose a score"), *(SelectChoice(value, words) for value, words in choices())]
_YES_NO = [SelectChoice("no", "I have no conflict of interest"), SelectChoice("yes", "I have a conflict of interest")]
_SURE = [SelectChoice("", "Choose"), *(SelectChoice(str(value), f"{value} – {words}") for value, words in SURE.items())]
SMALL, LARGE = {"rows": 3}, {"rows": 5}


class AppointForm(Form):
    """A judge to appoint."""

    account_id = SelectField("Judge", [InputRequired("Choose a judge.")], choices=[])
    affiliation = StringField("Affiliation", [InputRequired("Write where the judge works."), Length(max=200)])
    is_chair = BooleanField("Has the chair")

    def offer(self, accounts: Sequence[Account]) -> None:
        """Offer the judges who have no seat yet."""
        named = [SelectChoice(str(account.id), f"{account.name} ({account.email})") for account in accounts]
        self.account_id.choices = [SelectChoice("", "Choose a judge"), *named]


class DismissForm(Form):
    """Why a judge leaves the panel."""

    reason = StringField("Reason", [InputRequired("Write the reason."), Length(max=2000)])


class TieForm(Form):
    """Which of those tied at the maximum of the list come before the panel, and why; made by `tie_form`."""

    reason = TextAreaField("Reason", [InputRequired("Write the reason."), Length(max=2000)], render_kw=SMALL)

    @property
    def taken(self) -> list[str]:
        """The references that were chosen."""
        chosen = (name for name, field in self._fields.items() if name.startswith("take_") and field.data)
        return [name.removeprefix("take_") for name in chosen]


def tie_form(tied: Sequence[tuple[str, str]]) -> type[TieForm]:
    """Make the form for those tied, each with reference and team."""
    fields = {f"take_{reference}": BooleanField(f"{team} ({reference})") for reference, team in tied}
    return type("TieForm", (TieForm,), fields)


class DeclareForm(Form):
    """A judge's word on a conflict of interest."""

    conflict = RadioField("Conflict of interest", [InputRequired("Choose one of the two.")], choices=_YES_NO)
    statement = TextAreaField("What the conflict is", [Length(max=2000)], render_kw=SMALL)


class MarksForm(Form):
    """A form with a score for each criterion; made by `review_form` and `consensus_form`."""

    @property
    def halves(self) -> dict[str, int]:
        """The scores that were chosen, in half marks by criterion."""
        return {
            name.removeprefix("halves_"): int(field.data)
            for name, field in self._fields.items()
            if name.startswith("halves_") and (field.data or "").isdecimal()
        }

    @property
    def comments(self) -> dict[str, str]:
        """The comments by criterion, empty ones among them."""
        return {
            name.removeprefix("comments_"): str(field.data or "")
            for name, field in self._fields.items()
            if name.startswith("comments_")
        }


class ReviewForm(MarksForm):
    """A judge's review; `review_form` adds a score and a comment for each criterion, operations check what is there."""

    strengths = TextAreaField("Strengths of the entry as a whole", [Length(max=10_000)], render_kw=LARGE)
    weaknesses = TextAreaField("Weaknesses of the entry as a whole", [Length(max=10_000)], render_kw=LARGE)
    confidence = SelectField("How near the entry is to your own field", choices=_SURE)
    basis = HiddenField()
    statement = TextAreaField("What the conflict is", [Length(max=2000)], render_kw=SMALL)

    @property
    def written(self) -> Written:
        """What was typed, less any choice that is none."""
        chosen = self.text("confidence")
        halves = {name: value for name, value in self.halves.items() if not self[f"halves_{name}"].errors}
        return Written(
            halves=halves,
            comments=self.comments,
            strengths=self.text("strengths"),
            weaknesses=self.text("weaknesses"),
            confidence=int(chosen) if chosen.isdigit() and int(chosen) in SURE else None,
        )


def review_form(criteria: Sequence[Criterion]) -> type[ReviewForm]:
    """Make the form of a review: a score and a comment for each criterion, then what is said of the whole."""
    fields: dict[str, object] = {}
    for criterion in criteria:
        fields[f"halves_{criterion.key}"] = SelectField(f"Score for {criterion.title}", choices=_MARKS)
        fields[f"comments_{criterion.key}"] = TextAreaField(
            f"Comment on {criterion.title}", [Length(max=10_000)], render_kw=LARGE
        )
    return type("OneReviewForm", (ReviewForm,), fields)


def as_typed(review: Review | None) -> dict[str, str]:
    """Return a kept review as the form's fields."""
    if review is None:
        return {}
    marks = {f"halves_{name}": str(value) for name, value in review.halves.items()}
    comments = {f"comments_{name}": text for name, text in review.comments.items()}
    whole = {"strengths": review.strengths, "weaknesses": review.weaknesses, "confidence": str(review.confidence or "")}
    return {**marks, **comments, **whole}


def consensus_form(criteria: Sequence[Criterion]) -> type[MarksForm]:
    """Make the form of a consensus: a score for each criterion, a statement, and the reason of a change."""
    fields: dict[str, object] = {
        f"halves_{criterion.key}": SelectField(f"Agreed score for {criterion.title}", choices=_MARKS)
        for criterion in criteria
    }
    fields["statement"] = TextAreaField("What the panel agreed on", [Length(max=10_000)], render_kw=LARGE)
    fields["reason"] = TextAreaField("Why it is changed", [Length(max=10_000)], render_kw=SMALL)
    return type("ConsensusForm", (MarksForm,), fields)
