"""Before an issue goes: everything that can be known of it is looked at, and each look says passed, warns or blocks, why, and where to mend it."""

from newsletters.preflight.results import Level, Result
from newsletters.preflight.run import blocking, run

__all__ = ["Level", "Result", "blocking", "run"]
