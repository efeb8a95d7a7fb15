"""The application, for any WSGI server."""

from challenge.app import create_served_app

app = create_served_app()
