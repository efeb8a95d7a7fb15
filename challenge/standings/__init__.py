"""The boards: live, frozen, public or hidden, never a number without its uncertainty."""
