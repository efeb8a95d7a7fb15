"""Pages where people sign up, sign in and out, and read their letters."""

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Invalid, Role
from challenge.people import operations, queries
from challenge.people.forms import PasswordForm, RoleForm, SignInForm, SignUpForm
from challenge.people.passwords import Guess, NewPassword
from challenge.web.access import EVERYONE, SIGNED_IN, kept_way, open_to
from challenge.web.house import actor, house, now, reading, transaction

people = Blueprint("people", __name__, template_folder="templates")
Page = str | Response | tuple[str, int]


def recognise(app: Flask) -> None:
    """Find out on every request who makes it, from the sitting's cookie."""

    @app.before_request
    def _who_is_it() -> None:
        token = request.cookies.get(_cookie())
        if not token or request.endpoint == "static":
            return
        with reading() as session_:
            sitting = queries.sitting_of(session_, token, now=now(), idle=operations.IDLE)
            if sitting is None:
                return
            g.actor = queries.actor_of(session_, sitting.account_id)
        if now() - sitting.seen_at > operations.SEEN_EVERY:
            with transaction() as session_:
                operations.touch_sitting(session_, token, now=now())


@people.get("/sign-up")
@people.post("/sign-up")
@open_to(EVERYONE)
def sign_up() -> Page:
    """Open an account and sign in."""
    form = SignUpForm()
    if form.validate_on_submit():
        try:
            with reading() as session_:
                if sentence := operations.why_not_try(session_, network=_network(), now=now()):
                    raise Invalid(sentence)
            password = NewPassword.of(form.text("password"))
            with transaction() as session_:
                account = operations.sign_up(
                    session_,
                    email=form.text("email"),
                    name=form.text("name"),
                    password=password,
                    now=now(),
                )
                token = operations.begin_sitting(session_, account, now=now())
            return _with_cookie(redirect(_way_on(), 303), token)
        except operations.Taken as taken:
            with transaction() as session_:
                operations.note_failure(session_, network=_network(), now=now())
            form.refuse(taken)
        except Invalid as invalid:
            form.refuse(invalid)
    return render_template("people/sign_up.html", form=form, then=request.values.get("then", "")), _code(form)


@people.get("/sign-in")
@people.post("/sign-in")
@open_to(EVERYONE)
def sign_in() -> Page:
    """Begin a sitting."""
    form = SignInForm()
    if form.validate_on_submit():
        attempt = {"email": form.text("email"), "network": _network()}
        guessed = operations.guess(house().database, password=form.text("password"), now=now(), **attempt)
        with transaction() as session_:
            token, sentence = operations.sign_in(session_, guessed=guessed, now=now(), **attempt)
        if token:
            return _with_cookie(redirect(_way_on(), 303), token)
        form.refuse(Invalid(sentence))
    return render_template("people/sign_in.html", form=form, then=request.values.get("then", "")), _code(form)


@people.post("/sign-out")
@open_to(SIGNED_IN)
def sign_out() -> Page:
    """End the sitting."""
    with transaction() as session_:
        operations.sign_out(session_, actor=actor(), token=request.cookies.get(_cookie(), ""), now=now())
    session.clear()
    response = redirect("/", 303)
    response.delete_cookie(_cookie(), secure=house().settings.secure_cookies, httponly=True, samesite="Lax")
    return response


@people.get("/account")
@people.post("/account")
@open_to(SIGNED_IN)
def own_account() -> Page:
    """Show one's own account and change its password."""
    form = PasswordForm()
    if form.validate_on_submit():
        with reading() as session_:
            kept = queries.account(session_, actor().account_id or 0).password_hash
        old, new = Guess.at(form.text("old"), kept), NewPassword.of(form.text("new"))
        try:
            with transaction() as session_:
                operations.change_password(
                    session_,
                    actor=actor(),
                    old=old,
                    new=new,
                    token=request.cookies.get(_cookie(), ""),
                    now=now(),
                )
            flash("Your password is changed; every other browser is signed out.", "success")
            return redirect(url_for("people.own_account"), 303)
        except Invalid as invalid:
            form.refuse(invalid)
    with reading() as session_:
        account = queries.account(session_, actor().account_id or 0)
        letters = letters_of(session_, account.id)
    return render_template("people/account.html", form=form, account=account, letters=letters), _code(form)


@people.get("/people")
@open_to(Role.ADMIN)
def everybody() -> Page:
    """List the accounts with their roles."""
    return _everybody(RoleForm(formdata=None))


@people.post("/people/<int:account_id>/roles/<any(grant, withdraw):deed>")
@open_to(Role.ADMIN)
def change_roles(account_id: int, deed: str) -> Page:
    """Grant or withdraw a role."""
    form = RoleForm()
    if not form.validate_on_submit():
        return _everybody(form), 422
    operation = operations.grant_role if deed == "grant" else operations.withdraw_role
    with transaction() as session_:
        operation(session_, actor=actor(), account_id=account_id, role=Role(form.role.data), now=now())
    flash("The role is granted." if deed == "grant" else "The role is withdrawn.", "success")
    return redirect(url_for("people.everybody"), 303)


def _everybody(form: RoleForm) -> str:
    with reading() as session_:
        rows = [(account, queries.roles_of(session_, account.id)) for account in queries.all_accounts(session_)]
    return render_template("people/everybody.html", rows=rows, form=form)


def _network() -> str:
    return request.remote_addr or "unknown"


def _cookie() -> str:
    return "__Host-sitting" if house().settings.secure_cookies else "sitting"


def _with_cookie(response: Response, token: str) -> Response:
    session.clear()  # a form token from before sign-in is worth nothing after it
    response.set_cookie(
        _cookie(), token, secure=house().settings.secure_cookies, httponly=True, samesite="Lax", path="/"
    )
    return response


def _way_on() -> str:
    return kept_way(request.values.get("then")) or url_for("dashboards.desk")


def _code(form: SignInForm | SignUpForm | PasswordForm) -> int:
    return 422 if form.errors or form.form_errors else 200
