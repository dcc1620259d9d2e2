"""One content item, and all that came of it: mail, web, posts, events and people, side by side, with what can be told apart and what cannot."""
