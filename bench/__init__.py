"""How fast the product is beside its peers, measured in one run on one machine. Never part of the tests."""
