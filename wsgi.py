"""The application, for any WSGI server."""

from challenge.app import create_app

app = create_app()
