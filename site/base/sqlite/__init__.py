"""Django's SQLite, with a queue of writers: `base.sqlite.base`."""
