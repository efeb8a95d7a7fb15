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


def send_headers(app: Flask, *, secure: bool) -> None:
    """Add security headers to every answer and refuse forms sent from other sites."""

    @app.before_request
    def _refuse_other_sites() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and (
            request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
        ):
            abort(403, "This form was sent from another site. Open the page here and send it again.")

    @app.after_request
    def _add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static":
            response.vary.add("Cookie")
            if actor().signed_in:
                headers["Cache-Control"] = "no-store"
        return response
