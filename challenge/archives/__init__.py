"""A whole call as one file: written from a site, checked by anybody, brought into an empty site."""
