"""National themes and what they are made of (`theme`), the communication plan (`plan`, `goal_parts`, `versions`), its figures by day (`history`), and
who works in which (`team`)."""

from themes.models.evidence import Mention, Survey
from themes.models.exemptions import Exemption
from themes.models.goal_parts import ExpectedResult, Message, Proof, Responsibility
from themes.models.history import DayValue, Series
from themes.models.plan import Channel, Goal, Means, Plan
from themes.models.team import TeamMember
from themes.models.theme import AnyTheme, Change, Practice, Project, Region, Scope, Strategy, SubTheme, TargetGroup, Theme
from themes.models.versions import PlanVersion

__all__ = [
    "AnyTheme",
    "Change",
    "Channel",
    "DayValue",
    "Exemption",
    "ExpectedResult",
    "Goal",
    "Means",
    "Mention",
    "Message",
    "Plan",
    "PlanVersion",
    "Practice",
    "Project",
    "Proof",
    "Region",
    "Responsibility",
    "Scope",
    "Series",
    "Strategy",
    "SubTheme",
    "Survey",
    "TargetGroup",
    "TeamMember",
    "Theme",
]
