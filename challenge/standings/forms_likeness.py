"""The shape of a note on a pair of entries."""

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from challenge.standings.rules_likeness import MOST_NOTE
from challenge.web.forms import Form


class NoteForm(Form):
    """Which pair, and what came of it."""

    first = StringField("First entry", [InputRequired("Name the first entry."), Length(max=60)])
    second = StringField("Second entry", [InputRequired("Name the second entry."), Length(max=60)])
    note = TextAreaField("What came of it", [InputRequired("Write what came of it."), Length(max=MOST_NOTE)])
