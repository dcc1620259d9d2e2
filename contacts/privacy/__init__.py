"""Duties to the people whose data we hold: telling them (`notices`), how long (`retention`), what was done (`audit`), and what they may do by a
signed link (`own_data`, `own_views`, `address`)."""
