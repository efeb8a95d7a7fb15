"""What is called for: a call as versioned data, frozen at its opening."""
