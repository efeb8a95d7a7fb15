"""The shapes in which call files and suites arrive."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import Length, ValidationError

from challenge.calls.dates import DateError, read_time, zones
from challenge.calls.document import Rules
from challenge.calls.positions import LARGEST
from challenge.foundation.permits import Invalid
from challenge.web.forms import Form


class CallFileForm(Form):
    """A call file, chosen or pasted; the chosen one counts."""

    file = FileField("Call file")
    source = TextAreaField("Or its text", [Length(max=LARGEST)], render_kw={"rows": 16, "spellcheck": "false"})

    def content(self) -> str:
        """Return the text of the file and put it into the text field; raise Invalid where there is none."""
        if self.file.data:
            try:
                self.source.data = self.file.data.stream.read(LARGEST + 1).decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise Invalid("The file is not text in UTF-8. Save it as UTF-8 and choose it again.", "file") from error
        if not self.text("source").strip():
            raise Invalid("Choose a call file, or paste its text.", "file")
        return self.text("source")


class BundleForm(Form):
    """A bundle of another platform, and the zone and the times that its dates mean where they carry none."""

    bundle = FileField("Bundle", [FileRequired("Choose the bundle: a zip, or its configuration.")])
    zone = SelectField(
        "Time zone of dates without one",
        choices=[SelectChoice("", "Not said"), *map(SelectChoice, sorted(zones()))],
    )
    opens_at = StringField("Time of day of beginnings without one", [Length(max=8)])
    closes_at = StringField("Time of day of ends without one", [Length(max=8)])

    def validate_opens_at(self, field: StringField) -> None:
        """Refuse what is no time of day."""
        try:
            read_time(field.data or "00:00")
        except DateError as error:
            raise ValidationError(str(error)) from error

    validate_closes_at = validate_opens_at


class SuiteForm(Form):
    """A suite as a zip, for one of the keys that the call's rules name."""

    suite = SelectField("Suite")
    archive = FileField("Zip of the suite", [FileRequired("Choose the zip of the suite.")])

    def offer(self, rules: Rules) -> None:
        """Let people choose among the suites that a call's rules name."""
        self.suite.choices = [SelectChoice(suite.key) for suite in rules.suites]
