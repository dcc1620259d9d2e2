"""A plan's screens: its draft, its approved versions, two of them side by side, and on paper."""
