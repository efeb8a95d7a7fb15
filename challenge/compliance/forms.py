"""The shapes of what officers say about a licence: a proposal, why it is turned down, why to examine again."""

import re

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length

from challenge.compliance.rules import DECIDABLE, LONGEST_REASON
from challenge.web.forms import Form

WORDS = {
    "compliant": "Compliant: released under a licence that the call accepts",
    "by_publication": "By publication: the findings are published instead",
    "non_compliant": "Non-compliant: it cannot win as it is",
}


class DecisionForm(Form):
    """A verdict and its reason."""

    verdict = RadioField(
        "Verdict",
        [InputRequired("Choose a verdict.")],
        choices=[SelectChoice(verdict.value, WORDS[verdict.value]) for verdict in DECIDABLE],
    )
    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=LONGEST_REASON)])


class ProposalForm(Form):
    """Which proposal is answered: the one that stood on the page."""

    proposal = HiddenField("Proposal")

    @property
    def read_id(self) -> int | None:
        """The proposal's number; None where the page named none."""
        number = self.text("proposal")
        return int(number) if re.fullmatch(r"[0-9]{1,18}", number) else None


class TurnDownForm(ProposalForm):
    """Why a proposal is turned down."""

    why_not = TextAreaField("Why not", [InputRequired("Say why not."), Length(max=LONGEST_REASON)])


class ExamineAgainForm(Form):
    """Why a package is to be examined once more."""

    why_again = TextAreaField("Why again", [InputRequired("Say why."), Length(max=LONGEST_REASON)])
