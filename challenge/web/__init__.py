"""How the house speaks over HTTP: forms, access, headers, errors, words, charts, layout."""
