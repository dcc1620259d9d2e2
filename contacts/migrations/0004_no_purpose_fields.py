from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_held_for_purposes"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='person',
            name='legal_basis',
        ),
        migrations.RemoveField(
            model_name='person',
            name='purpose',
        ),
        migrations.RemoveField(
            model_name='person',
            name='source',
        ),
    ]
