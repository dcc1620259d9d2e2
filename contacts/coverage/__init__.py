"""Coverage of a goal: which of its audience was touched by what serves the goal, how deep, and who was not.

`audience` says who is meant, `counting` counts them, `views` shows it. People are counted, each once: never what was sent or seen.
"""
