"""The demo: a national theme with its plan, site, events and a year of outreach, made by the product's own actions."""
