import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('meetings', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window_from', models.DateField(verbose_name='first day of the window')),
                ('window_until', models.DateField(verbose_name='last day of the window')),
                ('start_of_use', models.DateField(verbose_name='first day of use')),
                ('learning_months', models.PositiveSmallIntegerField(default=2, verbose_name='learning months')),
                ('declared_sessions', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='number of all sessions in the window')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('frozen', 'frozen')], default='draft', max_length=8, verbose_name='state')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('frozen_at', models.DateTimeField(blank=True, null=True)),
                ('statement', models.TextField(blank=True, verbose_name='signed sentence')),
                ('remark', models.CharField(blank=True, max_length=400, verbose_name='remark')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('frozen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='frozen by')),
                ('series', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='baseline', to='meetings.meetingseries', verbose_name='meeting series')),
            ],
            options={
                'verbose_name': 'baseline',
                'ordering': ('series__name', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('window_until__gt', models.F('window_from'))), name='the_window_of_a_baseline_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('start_of_use__gt', models.F('window_until'))), name='the_window_of_a_baseline_ends_before_use_begins'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('frozen_by', None), ('state', 'draft')), models.Q(('declared_sessions__gte', 1), ('frozen_at__isnull', False), ('frozen_by__isnull', False), ('state', 'frozen')), _connector='OR'), name='a_frozen_baseline_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='BaselineSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='day')),
                ('began_at', models.DateTimeField(verbose_name='begin')),
                ('ended_at', models.DateTimeField(verbose_name='end')),
                ('pause_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='pauses in minutes')),
                ('items_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='items')),
                ('participants_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='participants')),
                ('source', models.CharField(max_length=120, verbose_name='number of the minutes')),
                ('proof', models.FileField(blank=True, max_length=255, upload_to='', verbose_name='scanned minutes')),
                ('proof_name', models.CharField(blank=True, max_length=255)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='targets.baseline')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'session of a baseline',
                'ordering': ('began_at', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('baseline', 'began_at'), name='one_baseline_session_per_beginning'), models.CheckConstraint(condition=models.Q(('ended_at__gt', models.F('began_at'))), name='a_baseline_session_ends_after_it_begins')],
            },
        ),
    ]
