"""The desk at a glance: which goals are on course, what is due, who was not reached, and what worked best for the effort."""
