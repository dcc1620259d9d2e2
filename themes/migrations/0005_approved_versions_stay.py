from django.db import migrations

STAYS = "id, plan_id, number, frozen, note, approved_at, approver"
TOLD = "An approved version of a plan is never changed nor deleted."

SQLITE = (
    f"""CREATE TRIGGER approved_versions_stay BEFORE UPDATE OF {STAYS} ON themes_planversion
        BEGIN SELECT RAISE(ABORT, '{TOLD}'); END""",
    f"""CREATE TRIGGER approved_versions_are_kept BEFORE DELETE ON themes_planversion
        BEGIN SELECT RAISE(ABORT, '{TOLD}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION refuse_change_of_approved_version() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION '{TOLD}' USING ERRCODE = 'integrity_constraint_violation'; END
        $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER approved_versions_stay BEFORE UPDATE OF {STAYS} ON themes_planversion
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_version()""",
    """CREATE TRIGGER approved_versions_are_kept BEFORE DELETE ON themes_planversion
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_version()""",
)


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_embedded = schema_editor.connection.vendor == "sqlite"
    for name in ("approved_versions_stay", "approved_versions_are_kept"):
        schema_editor.execute(f"DROP TRIGGER {name}" + ("" if is_embedded else " ON themes_planversion"))
    if not is_embedded:
        schema_editor.execute("DROP FUNCTION refuse_change_of_approved_version()")


class Migration(migrations.Migration):
    """The database itself refuses to change or delete what was approved. Only the link to a user who is deleted may be emptied.

    On SQLite a later change of this table makes it anew, without its triggers: such a migration makes them again.
    """

    dependencies = [("themes", "0004_plan_versions")]

    operations = [migrations.RunPython(guard, unguard)]
