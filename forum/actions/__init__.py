"""What people do to questions: each function checks, locks, changes, logs and tells."""
