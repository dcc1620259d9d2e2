from django.db import migrations


def find_keys(apps, schema_editor):
    """Of merges that stand, in the row of the person who is gone as it was."""
    merges = apps.get_model("contacts", "Merge").objects.filter(undone_at=None, gone_key=None).exclude(person=None)
    for merge in merges.iterator():
        rows = [step["was"] for step in merge.steps if step["model"] == "contacts.Person" and step["pk"] == merge.gone_number and step["was"]]
        if rows and rows[0].get("key"):
            merge.gone_key = rows[0]["key"]
            merge.save(update_fields=["gone_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0011_links_of_the_merged'),
    ]

    operations = [
        migrations.RunPython(find_keys, migrations.RunPython.noop),
    ]
