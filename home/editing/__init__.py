"""The editing area as the site's own: what waits for each role, its menus, language and zone."""
