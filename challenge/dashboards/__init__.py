"""What looks across the rooms: the front page and a desk for each role."""
