"""What every room stands on: settings, clock, database, files, moves, permits, audit log, outbox."""
