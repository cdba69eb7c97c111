"""The only places that change a case: each checks the right, locks, writes, and tells."""
