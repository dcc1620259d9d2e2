"""What each finds on the admin's home: their own next things, each with the way to where it is done."""
