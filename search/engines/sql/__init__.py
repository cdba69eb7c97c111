"""The default engine: an inverted index in ordinary tables, the same on SQLite and PostgreSQL.

Only the modules of this package speak SQL.
"""
