"""Mail that comes back: where it comes to, what it says, and what follows from it."""
