"""What people may send to support: explicit fields, each cleaned and bounded."""
