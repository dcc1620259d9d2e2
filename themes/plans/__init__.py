"""The communication plan at work: its forms, what blocks and what is only advised, its frozen versions, and what differs between two of them."""
