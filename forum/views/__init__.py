"""Pages and forms of the forum; each view carries one door."""
