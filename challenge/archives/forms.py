"""The shape in which an archive is asked for."""

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired

from challenge.archives.contents import FileKind, People, Wish
from challenge.web.forms import Form

_PEOPLE = (
    SelectChoice(People.NAMES.value, "By their names and addresses"),
    SelectChoice(People.PSEUDONYMS.value, "Under pseudonyms, such as Person 17"),
)


class ArchiveForm(Form):
    """How people stand in an archive, and which files are left out."""

    people = RadioField("People", [InputRequired("Choose one of the two.")], choices=_PEOPLE)
    labels = BooleanField("Without the hidden labels: the suites, and the bundle that the call was made from")
    entries = BooleanField("Without what teams handed in: predictions, packages, fetched models")
    outputs = BooleanField("Without what came of runs: the items of each run, answers of models")

    def show(self, wish: Wish) -> None:
        """Show a wish to begin with."""
        self.people.data = wish.people.value
        for kind in wish.left_out:
            self._fields[kind.value].data = True

    @property
    def wish(self) -> Wish:
        """What was asked for; only of a form that was found sound."""
        left_out = [kind for kind in FileKind if kind.value in self._fields and self._fields[kind.value].data]
        return Wish(People(self.people.data), tuple(sorted(left_out)))
