"""The front page, and the desk of whoever is signed in."""

from flask import Blueprint, render_template

from challenge.web.access import EVERYONE, SIGNED_IN, open_to

dashboards = Blueprint("dashboards", __name__, template_folder="templates")


@dashboards.get("/")
@open_to(EVERYONE)
def front() -> str:
    """Show what is called for."""
    return render_template("dashboards/front.html")


@dashboards.get("/desk")
@open_to(SIGNED_IN)
def desk() -> str:
    """Show what waits for the reader."""
    return render_template("dashboards/desk.html")
