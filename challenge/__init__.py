"""The house: a Flask application whose rooms stand in the order of a submission's journey."""
