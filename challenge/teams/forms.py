"""The shapes of what teams and admins type about a team."""

from collections.abc import Callable

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, ValidationError

from challenge.teams.amounts import AmountError, cents, whole_number
from challenge.teams.countries import countries
from challenge.teams.organisation import OrganisationFacts
from challenge.web.forms import Form

_COUNTRIES = [SelectChoice(code, name) for code, name in (("", "Choose a country"), *countries())]
_RULINGS = [SelectChoice("yes", "Eligible"), SelectChoice("no", "Not eligible")]
_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
_MONEY = {"inputmode": "decimal", "autocomplete": "off"}


def _readable(read: Callable[[str], int]) -> Callable[[Form, Field], None]:
    """Make a validator of a reader of numbers, so that the reader's sentence stands beside the field."""

    def check(_form: Form, field: Field) -> None:
        try:
            read(str(field.data or ""))
        except AmountError as error:
            raise ValidationError(str(error)) from None

    return check


class OrganisationForm(Form):
    """What an organisation says about itself."""

    name = StringField("Name of the organisation", [InputRequired("Write the name."), Length(max=120)])
    country = SelectField("Country of establishment", [InputRequired("Choose a country.")], choices=_COUNTRIES)
    controlled_from = SelectField("Country of control", [InputRequired("Choose a country.")], choices=_COUNTRIES)
    registration = StringField("Registration number", [Length(max=60)])
    founded = StringField(
        "Founded in", [InputRequired("Write a year."), _readable(whole_number)], render_kw={**_NUMBER, "maxlength": 4}
    )
    headcount = StringField(
        "Persons", [InputRequired("Write how many."), _readable(whole_number)], render_kw={**_NUMBER, "maxlength": 20}
    )
    turnover = StringField(
        "Turnover in euros",
        [InputRequired("Write an amount."), _readable(cents)],
        render_kw={**_MONEY, "maxlength": 30},
    )
    balance = StringField(
        "Balance sheet total in euros",
        [InputRequired("Write an amount."), _readable(cents)],
        render_kw={**_MONEY, "maxlength": 30},
    )
    experience = TextAreaField("Evidence of experience", [Length(max=10_000)], render_kw={"rows": 7})

    def facts(self) -> OrganisationFacts:
        """Return what was typed as facts; call it only on a valid form."""
        return OrganisationFacts(
            name=self.text("name"),
            country=self.text("country"),
            controlled_from=self.text("controlled_from"),
            headcount=whole_number(self.text("headcount")),
            turnover_cents=cents(self.text("turnover")),
            balance_cents=cents(self.text("balance")),
            founded=whole_number(self.text("founded")),
            registration=self.text("registration"),
            experience=self.text("experience"),
        )


class RulingForm(Form):
    """An admin's ruling and its reason."""

    eligible = RadioField("Ruling", [InputRequired("Choose one of the two.")], choices=_RULINGS)
    reason = TextAreaField("Reason", [InputRequired("Write the reason."), Length(max=2_000)], render_kw={"rows": 3})


def typed(facts: OrganisationFacts) -> dict[str, str]:
    """Return facts as they would be typed, to fill the form with."""
    return {
        "name": facts.name,
        "country": facts.country,
        "controlled_from": facts.controlled_from,
        "registration": facts.registration,
        "founded": str(facts.founded),
        "headcount": f"{facts.headcount:,}",
        "turnover": _money(facts.turnover_cents),
        "balance": _money(facts.balance_cents),
        "experience": facts.experience,
    }


def _money(amount: int) -> str:
    return f"{amount // 100:,}" + (f".{amount % 100:02d}" if amount % 100 else "")
