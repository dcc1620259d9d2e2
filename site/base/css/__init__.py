"""What a page's styles come to without a browser: the cascade of its sheets at one width, in one colour scheme, for a visitor at rest.

`Document(html, sheets).at(width, scheme)` is a `View`, which knows the computed style of each element. It knows no layout: where text breaks, how
high a box of text is, and what scripts do, only a browser can tell. `tests/e2e/test_gate.py` holds its answers against one.
"""

from base.css.document import Document
from base.css.sheet import Sheet
from base.css.view import Style, View

__all__ = ["Document", "Sheet", "Style", "View"]
