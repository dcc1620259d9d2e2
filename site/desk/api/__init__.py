"""The public API: what is published, for programs of others. Read-only, without a login, in three languages.

`schemas` says what an answer holds, `resources` reads it, `endpoints` are the addresses, `guarding` is what all answers share.
"""
