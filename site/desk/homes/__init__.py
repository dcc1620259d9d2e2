"""On the admin's home: what each role does next, each row with the way to where it is done."""
