"""Whether a goal is SMART, told while it is typed: `rules` are pure, `reading` reads a form or a saved goal, `panel` stands in the goal's form."""
