from django.db import migrations, models


def close(apps, schema_editor):
    """The pages of internal events, which were served to whoever knew the address."""
    restrictions = apps.get_model('wagtailcore', 'PageViewRestriction').objects
    for pk in apps.get_model('events', 'EventPage').objects.filter(scope='internal').values_list('pk', flat=True):
        restrictions.get_or_create(page_id=pk, restriction_type='login')


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0001_events'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.AlterField(
            model_name='eventpage',
            name='scope',
            field=models.CharField(choices=[('external', 'External'), ('internal', 'Internal')], default='external', help_text="Only the staff, its project, and who has its link from the organiser's desk see an internal event.", max_length=8, verbose_name='scope'),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
