"""The shape of an officer's decision."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length

from challenge.compliance.rules import DECIDABLE
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
    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=4000)])
