"""The evaluation queue: leases, attempts, results."""
