"""Publications: whether a DOI is registered, and what its registrar says of the article behind it."""
