"""Writing down a meeting or a call: who, and what about. `forms` asks, `views` shows; `contacts.outreach.log_meeting` records."""
