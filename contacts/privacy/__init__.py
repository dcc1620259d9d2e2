"""Duties to the people whose data we hold: telling them (`notices`), and what they may do by a signed link (`own_data`, `own_views`)."""
