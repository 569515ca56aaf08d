"""The store: our own state in SQLite or PostgreSQL, the same tables and the same words for both."""
