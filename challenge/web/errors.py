"""Says in a sentence what went wrong, and what to do."""

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from challenge.foundation.permits import Invalid, NotFound, Refused
from challenge.web.words import size

NOWHERE = "There is no such page, or none that you may know of. Check the address, or sign in first."
STALE = "This form lay open too long, or your browser keeps no cookies. Go back, reload the page and send it again."
TOO_MUCH_TEXT = "The form holds more text, or more fields, than are taken at once. Send less, or send it as a file."
BROKEN = (
    "Something broke on our side. Nothing you sent was half done. Try again; if it happens again, tell the organiser."
)


def answer_errors(app: Flask) -> None:
    """Give every kind of failure its page."""

    def page(code: int, title: str, sentence: str) -> tuple[str, int]:
        return render_template("web/error.html", code=code, title=title, sentence=sentence), code

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> tuple[str, int]:
        return page(403, "Not allowed", error.sentence)

    @app.errorhandler(NotFound)
    def _not_found(_error: NotFound) -> tuple[str, int]:
        return page(404, "Not found", NOWHERE)

    @app.errorhandler(Invalid)
    def _invalid(error: Invalid) -> tuple[str, int]:
        return page(400, "Not possible", error.sentence)

    @app.errorhandler(CSRFError)
    def _stale(_error: CSRFError) -> tuple[str, int]:
        return page(400, "Form out of date", STALE)

    @app.errorhandler(RequestEntityTooLarge)
    def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
        limit = request.max_content_length or 0
        if (request.content_length or 0) > limit:
            return page(
                413, "Too large", f"What you sent is larger than the limit of {size(limit)}. Send less at once."
            )
        return page(413, "Too large", TOO_MUCH_TEXT)

    @app.errorhandler(HTTPException)
    def _other(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
        code = error.code or 500
        sentence = NOWHERE if code == 404 else (error.description or BROKEN)
        # a 405 says which methods there are; what the words are written in is said by the page
        said = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
        return *page(code, error.name.capitalize(), sentence), said

    @app.errorhandler(Exception)
    def _broken(error: Exception) -> tuple[str, int]:
        if app.testing or app.debug:
            raise error
        app.logger.exception("unhandled")
        return page(500, "Our fault", BROKEN)
