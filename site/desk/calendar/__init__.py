"""The editorial calendar: what is planned and what was done, by day. `entries` gathers it, `actions` moves it, `writing` opens the right editor."""
