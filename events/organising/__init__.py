"""The organiser's desk of an event: who is coming, what they answered, messages to them, who came, and what is deleted when."""
