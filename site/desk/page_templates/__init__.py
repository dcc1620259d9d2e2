"""Pages kept as templates of a goal: the next one for it starts from their blocks."""
