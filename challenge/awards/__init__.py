"""Winners, prize money, hours, and what winners owe."""
