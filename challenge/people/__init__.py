"""Who the people are: accounts, sign-in, roles."""
