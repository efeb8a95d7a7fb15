"""The form that every form of the house is: checked for shape, protected against forgery."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm

from challenge.foundation.permits import Invalid
from challenge.web.addresses import NUL


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with a token against forgery; unknown fields are ignored, known ones checked."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Tell whether every field has its shape; a text that no database can keep has none."""
        sound = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field.data, str) and NUL in field.data:
                field.errors = [*field.errors, "The text holds control characters; type it instead of pasting it."]
                sound = False
        return sound

    def text(self, name: str) -> str:
        """Return what was typed into a field, the empty text if nothing was."""
        return str(self._fields[name].data or "")

    def refuse(self, invalid: Invalid) -> None:
        """Show an operation's refusal beside its field, or above the form if it names none."""
        field = self._fields.get(invalid.field_name)
        if field is None:
            self.form_errors.append(invalid.sentence)
        else:
            field.errors = [*field.errors, invalid.sentence]

    @property
    def all_errors(self) -> Mapping[str, list[str]]:
        """Every error by the field it belongs to, for the summary above the form."""
        return {name: [str(error) for error in errors] for name, errors in self.errors.items() if name and errors}
