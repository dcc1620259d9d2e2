"""Segments: live selections of people or organisations, built by choosing, shown as a sentence.

`kinds` are the ways to ask, `fields` what is asked, `rules` joins conditions into one question, `forms` and `views` build them on the screen.
"""
