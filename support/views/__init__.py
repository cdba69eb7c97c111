"""Pages and forms of support; each view carries one door."""
