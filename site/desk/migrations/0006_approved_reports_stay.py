from django.db import migrations

from desk import rights

STAYS = "id, report_id, number, frozen, note, approved_at, approver"
TOLD = "An approved report is never changed nor deleted."

SQLITE = (
    f"""CREATE TRIGGER approved_reports_stay BEFORE UPDATE OF {STAYS} ON desk_reportversion
        BEGIN SELECT RAISE(ABORT, '{TOLD}'); END""",
    f"""CREATE TRIGGER approved_reports_are_kept BEFORE DELETE ON desk_reportversion
        BEGIN SELECT RAISE(ABORT, '{TOLD}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION refuse_change_of_approved_report() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION '{TOLD}' USING ERRCODE = 'integrity_constraint_violation'; END
        $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER approved_reports_stay BEFORE UPDATE OF {STAYS} ON desk_reportversion
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_report()""",
    """CREATE TRIGGER approved_reports_are_kept BEFORE DELETE ON desk_reportversion
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_report()""",
)


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_embedded = schema_editor.connection.vendor == "sqlite"
    for name in ("approved_reports_stay", "approved_reports_are_kept"):
        schema_editor.execute(f"DROP TRIGGER {name}" + ("" if is_embedded else " ON desk_reportversion"))
    if not is_embedded:
        schema_editor.execute("DROP FUNCTION refuse_change_of_approved_report()")


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete what was approved. Only the link to a user who is deleted may be emptied.

    On SQLite a later change of this table makes it anew, without its triggers: such a migration makes them again.
    """

    dependencies = [("desk", "0005_reports")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
