
import base.languages
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('themes', '0002_regions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_key', models.UUIDField(editable=False)),
                ('language', base.languages.LanguageField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], default='fi', max_length=2)),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemptions', to='themes.theme', verbose_name='national theme')),
            ],
            options={
                'verbose_name': 'exemption from a promised language',
                'verbose_name_plural': 'exemptions from promised languages',
                'constraints': [models.UniqueConstraint(fields=('page_key', 'language'), name='one_exemption_per_page_and_language')],
            },
        ),
    ]
