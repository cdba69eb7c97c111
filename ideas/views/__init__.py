"""Pages and forms of the ideas board; each view carries one door."""
