"""The application, for any WSGI server."""

import gc

from challenge.app import create_app

app = create_app()

# What is loaded by now stays to the end; left to itself the collector walks through all of it again and again while
# a board of a thousand lines is being made, and that doubles the cost of the page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000)
