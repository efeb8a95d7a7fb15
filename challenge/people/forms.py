"""The shapes of what people type about themselves."""

from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from challenge.foundation.permits import Role
from challenge.web.forms import Form


class SignInForm(Form):
    """Address and password."""

    email = EmailField("Address", [InputRequired("Write your address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Write your password."), Length(max=200)])


class SignUpForm(Form):
    """Address, name and a password."""

    email = EmailField("Address", [InputRequired("Write your address."), Length(max=254)])
    name = StringField("Name", [InputRequired("Write your name."), Length(max=120)])
    password = PasswordField("Password", [InputRequired("Choose a password."), Length(max=200)])


class PasswordForm(Form):
    """The present password and a new one."""

    old = PasswordField("Present password", [InputRequired("Write your present password."), Length(max=200)])
    new = PasswordField("New password", [InputRequired("Choose a new password."), Length(max=200)])


class RoleForm(Form):
    """A role to grant or to withdraw."""

    role = SelectField("Role", choices=[role.value for role in Role if role is not Role.TEAM])  # type: ignore[misc]  # the stubs lag behind
