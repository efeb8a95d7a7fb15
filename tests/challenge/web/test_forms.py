"""A form is checked for shape, protected against forgery, and says beside each field what is wrong with it."""

import re

import pytest
from wtforms import StringField
from wtforms.validators import InputRequired

from challenge.foundation.permits import Invalid
from challenge.web.forms import Form
from tests.cast import Cast


class NameForm(Form):
    """One field."""

    name = StringField("Name", [InputRequired("Write a name.")])


def filled(cast: Cast, **values: str) -> NameForm:
    """Return the form as it was sent, without its token, which other tests look at."""
    with cast.app.test_request_context("/", method="POST", data=values):
        form = NameForm(meta={"csrf": False})
        form.validate()
        return form


def test_what_was_typed_is_text_and_nothing_typed_is_the_empty_text(cast: Cast) -> None:
    assert filled(cast, name="Ada").text("name") == "Ada"
    assert filled(cast).text("name") == ""


def test_fields_that_a_form_does_not_have_are_ignored(cast: Cast) -> None:
    form = filled(cast, name="Ada", role="admin")
    assert not form.errors
    assert "role" not in form.data


def test_a_refusal_stands_beside_its_field_or_above_the_form(cast: Cast) -> None:
    form = filled(cast, name="Ada")
    form.refuse(Invalid("This name is taken.", "name"))
    form.refuse(Invalid("The call is closed."))
    form.refuse(Invalid("Nobody knows this field.", "no such field"))
    assert form.all_errors == {"name": ["This name is taken."]}
    assert form.form_errors == ["The call is closed.", "Nobody knows this field."]


def test_several_things_wrong_with_a_field_are_all_said(cast: Cast) -> None:
    form = filled(cast)
    form.refuse(Invalid("This name is taken.", "name"))
    assert form.all_errors == {"name": ["Write a name.", "This name is taken."]}


def test_the_summary_leads_to_the_field_and_the_field_is_tied_to_its_sentence(cast: Cast) -> None:
    page = cast.browser().post("/sign-up", {"email": "ada", "name": "Ada", "password": "seven quiet herons"})
    said = page.get_data(as_text=True)
    assert page.status_code == 422
    assert 'role="alert"' in said
    assert '<a href="#email">Address</a>: Write an address such as name@organisation.example.' in said
    field = re.search(r'<input[^>]+id="email"[^>]*>', said)
    assert field is not None
    assert 'aria-invalid="true"' in field.group()
    assert 'aria-describedby="email-hint email-error"' in field.group()
    assert 'id="email-error">Write an address' in said


def test_what_was_typed_stands_there_again_but_no_password(cast: Cast) -> None:
    typed = {"email": '"><script>', "name": "Ada", "password": "seven quiet herons"}
    said = cast.browser().post("/sign-up", typed).get_data(as_text=True)
    assert 'value="Ada"' in said
    assert "&#34;&gt;&lt;script&gt;" in said
    assert "seven quiet herons" not in said


@pytest.mark.parametrize("token", ["", "made up", "IjEi.aaaa.bbbb"])
def test_a_token_that_was_made_up_is_refused(cast: Cast, token: str) -> None:
    browser = cast.browser(cast.person("Ada"))
    browser.get("/account")
    answer = browser.client.post("/account", data={"csrf_token": token, "old": "x", "new": "y"})
    assert answer.status_code == 400
    assert "This form lay open too long, or your browser keeps no cookies." in answer.get_data(as_text=True)


def test_a_token_of_another_browser_is_refused(cast: Cast) -> None:
    ada, bo = cast.browser(cast.person("Ada")), cast.browser(cast.person("Bo"))
    ada.get("/account")
    bo.get("/account")
    assert ada.client.post("/sign-out", data={"csrf_token": bo.token}).status_code == 400
