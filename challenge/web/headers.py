"""Sends the headers that keep a page to itself."""

from flask import Flask, abort, request
from werkzeug.wrappers import Response

from challenge.web.house import actor

CONTENT_SECURITY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)

KEPT_TO_ITSELF = (
    ("Content-Security-Policy", CONTENT_SECURITY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
ONLY_ENCRYPTED = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def send_headers(app: Flask, *, secure: bool) -> None:
    """Add security headers to every answer and refuse forms sent from other sites; a page may have its own of each."""
    wanted = (*KEPT_TO_ITSELF, ONLY_ENCRYPTED) if secure else KEPT_TO_ITSELF

    @app.before_request
    def _refuse_other_sites() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and (
            request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
        ):
            abort(403, "This form was sent from another site. Open the page here and send it again.")

    @app.after_request
    def _add_headers(response: Response) -> Response:
        headers = response.headers
        # looked up in one set: a header list searched once for each costs a tenth of a page that is kept
        there = {name.lower() for name in headers.keys()}  # noqa: SIM118  iterating gives pairs
        for name, value in wanted:
            if name.lower() not in there:
                headers.add(name, value)
        if request.endpoint != "static":
            response.vary.add("Cookie")
            if actor().signed_in:
                headers["Cache-Control"] = "no-store"
        return response
