"""The theme of the demo, its register of organisations, and its communication plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from contacts.models import Organisation, ProjectParty, ThemeBody
from desk import opening
from desk.demo.content import read, words
from themes.models import (
    Channel,
    ExpectedResult,
    Goal,
    Means,
    Message,
    Plan,
    Practice,
    Project,
    Region,
    Strategy,
    SubTheme,
    TargetGroup,
    Theme,
)


def make_theme() -> Theme:
    theme = opening.make_theme(read("theme"))
    make_organisations(theme)
    make_projects(theme)
    return theme


def make_organisations(theme: Theme) -> None:
    content = read("theme")
    regions, groups = by_code(), by_key(TargetGroup, theme)
    for row in content["organisations"]:
        Organisation.objects.create(
            theme=theme,
            key=row["key"],
            sector=row["sector"],
            region=regions.get(row.get("region", "")),
            target_group=groups.get(row.get("target_group", "")),
            **words("name", row["name"]),
        )
    organisations = by_key(Organisation, theme)
    for row in content["bodies"]:
        answers = row["role"] == ThemeBody.Part.COORDINATOR
        told = {"part": row["role"], "is_controller": answers, **words("description", row["note"])}
        ThemeBody.objects.create(theme=theme, organisation=organisations[row["organisation"]], **told)


def make_projects(theme: Theme) -> None:
    content = read("projects")
    regions, sub_themes, organisations = by_code(), by_key(SubTheme, theme), by_key(Organisation, theme)
    plain = ("key", "code", "kind", "starts", "ends", "total_cost_eur", "cofinancing_rate", "intervention_code")
    for row in content["projects"]:
        texts: dict[str, Any] = {}
        for name in ("name", "purpose", "location", "intervention_type"):
            texts |= words(name, row[name])
        project = Project.objects.create(theme=theme, **texts, **{name: row[name] for name in plain})
        project.regions.set(regions[code] for code in row["regions"])
        project.sub_themes.set(sub_themes[key] for key in row["sub_themes"])
        for part, key in (
            (ProjectParty.Part.BENEFICIARY, "beneficiaries"),
            (ProjectParty.Part.CONTRACTOR, "contractors"),
            (ProjectParty.Part.STEERING, "steering"),
        ):
            for organisation in row.get(key, ()):
                ProjectParty.objects.create(project=project, organisation=organisations[organisation], part=part)
    projects = by_key(Project, theme)
    for row in content["practices"]:
        Practice.objects.create(theme=theme, key=row["key"], stage=row["stage"], project=projects[row["project"]], **words("name", row["name"]))


def make_plan(theme: Theme, today: date) -> Plan:
    content = read("plan")
    facts = content["plan"]
    plan = Plan.objects.create(
        theme=theme,
        key="plan",
        starts=today - timedelta(days=facts["starts_offset"]),
        ends=today + timedelta(days=facts["ends_offset"]),
        **words("name", facts["title"]),
        **words("description", facts["summary"]),
    )
    for row in content["channels"]:
        Channel.objects.create(theme=theme, key=row["key"], kind=row["kind"], **words("name", row["name"]))
    for row in content["means"]:
        Means.objects.create(theme=theme, key=row["key"], **words("name", row["name"]))
    for row in content["goals"]:
        make_goal(plan, row, today)
    return plan


def make_goal(plan: Plan, row: dict[str, Any], today: date) -> None:
    theme = plan.theme
    texts = words("name", row["title"]) | words("description", row["description"])
    effort = {"budget_hours": row["hours"], "budget_eur": row["euros"]}
    goal = Goal.objects.create(theme=theme, plan=plan, key=row["key"], scope=row["scope"], kind=row["kind"], **texts, **effort)
    goal.audiences.set(TargetGroup.objects.filter(theme=theme, key__in=row["audiences"]))
    goal.regions.set(Region.objects.filter(code__in=row["regions"]))
    goal.strategies.set(Strategy.objects.filter(theme=theme, key__in=row["strategies"]))
    goal.means.set(Means.objects.filter(theme=theme, key__in=row["means"]))
    goal.channels.set(Channel.objects.filter(theme=theme, key__in=row["channels"]))
    for text in row["messages"]:
        Message.objects.create(goal=goal, **words("name", text))
    for expected in row["expected"]:
        values = {name: expected[name] for name in ("measure", "baseline", "low", "target", "high")}
        result = ExpectedResult(goal=goal, due=today + timedelta(days=expected["due_offset"]), **values)
        result.full_clean()
        result.save()


def by_key(model: Any, theme: Theme) -> dict[str, Any]:
    return {row.key: row for row in model.objects.filter(theme=theme)}


def by_code() -> dict[str, Region]:
    return {region.code: region for region in Region.objects.all()}
