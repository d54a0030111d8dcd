import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('planned_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='planned length in minutes')),
                ('is_closed', models.BooleanField(default=False, verbose_name='closed item, for named people only')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('current', 'current'), ('done', 'done')], default='waiting', max_length=10, verbose_name='state')),
                ('admitted', models.ManyToManyField(blank=True, related_name='admitted_to', to=settings.AUTH_USER_MODEL, verbose_name='admitted to the closed item')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sub_items', to='meetings.agendaitem')),
                ('presenter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='presentations', to=settings.AUTH_USER_MODEL, verbose_name='presenter')),
                ('submitting_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='submitting unit')),
            ],
            options={
                'verbose_name': 'agenda item',
                'ordering': ('meeting', 'position'),
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=240, verbose_name='title')),
                ('folded_title', models.CharField(editable=False, max_length=240)),
                ('kind', models.CharField(choices=[('regular', 'regular'), ('thematic', 'thematic'), ('extraordinary', 'extraordinary')], default='regular', max_length=20, verbose_name='kind')),
                ('mode', models.CharField(choices=[('room', 'in the room'), ('online', 'online'), ('mixed', 'in the room and online')], default='room', max_length=10, verbose_name='held')),
                ('place', models.CharField(blank=True, max_length=160, verbose_name='room')),
                ('starts_at', models.DateTimeField(verbose_name='starts at')),
                ('planned_minutes', models.PositiveSmallIntegerField(verbose_name='planned length in minutes')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('in_session', 'in session'), ('paused', 'paused'), ('adjourned', 'adjourned'), ('closed', 'closed'), ('cancelled', 'cancelled')], default='draft', max_length=12, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=240, verbose_name='reason of cancellation')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('current_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='meetings.agendaitem')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'meeting',
                'ordering': ('-starts_at',),
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='a_meeting_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('planned_minutes__gt', 0)), name='a_meeting_has_a_length')],
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='meetings.meeting'),
        ),
        migrations.CreateModel(
            name='MeetingSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('kind', models.CharField(choices=[('regular', 'regular'), ('thematic', 'thematic'), ('extraordinary', 'extraordinary')], default='regular', max_length=20, verbose_name='kind')),
                ('place', models.CharField(blank=True, max_length=160, verbose_name='room')),
                ('planned_minutes', models.PositiveSmallIntegerField(default=180, verbose_name='planned length in minutes')),
                ('agenda_template', models.JSONField(blank=True, default=list, help_text='[{"title": "…", "planned_minutes": 30}]')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'meeting series',
                'verbose_name_plural': 'meeting series',
                'ordering': ('name',),
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='meetings.meetingseries', verbose_name='meeting series'),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=400)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='meetings.meeting')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['person', 'read_at'], name='unread_notices_of_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('chair', 'chair'), ('secretary', 'secretary'), ('member', 'member'), ('stand_in', 'stand-in'), ('invitee', 'invitee'), ('observer', 'observer')], default='member', max_length=12, verbose_name='role')),
                ('has_vote', models.BooleanField(default=False, verbose_name='member of the body, with a vote')),
                ('is_head', models.BooleanField(default=False, verbose_name='head of the body')),
                ('title', models.CharField(blank=True, max_length=160, verbose_name='position')),
                ('absence_reason', models.CharField(blank=True, max_length=240, verbose_name='reason of absence')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='meetings.meeting')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation', verbose_name='unit')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('stands_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stand_ins', to='meetings.participant')),
            ],
            options={
                'verbose_name': 'participant',
                'ordering': ('meeting', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='one_role_per_person_in_a_meeting'), models.UniqueConstraint(condition=models.Q(('role', 'chair')), fields=('meeting',), name='one_chair_per_meeting'), models.CheckConstraint(condition=models.Q(('has_vote', False), models.Q(('role__in', ('invitee', 'observer')), _negated=True), _connector='OR'), name='guests_have_no_vote')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arrived_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('how', models.CharField(choices=[('tap', 'on the own tablet'), ('qr', 'by QR code'), ('secretary', 'by the secretary')], max_length=10)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='meetings.participant')),
            ],
            options={
                'ordering': ('arrived_at',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('participant',), name='one_open_attendance_per_participant')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('is_adjournment', models.BooleanField(default=False)),
                ('resumes_at', models.DateTimeField(blank=True, null=True, verbose_name='goes on at')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='meetings.meeting')),
            ],
            options={
                'ordering': ('began_at',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('meeting',), name='one_open_pause_per_meeting')],
            },
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('body', models.CharField(blank=True, choices=[('people_committee', "People's Committee"), ('people_council', "People's Council"), ('department', 'Department'), ('office', 'Office'), ('other', 'Other')], max_length=20, verbose_name='for')),
                ('source', models.CharField(max_length=240, verbose_name='legal source')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                ('quorum_numerator', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('quorum_denominator', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('quorum_strictly_more', models.BooleanField(default=False)),
                ('terms', models.JSONField(default=dict, verbose_name='terms of voting')),
                ('notice_days_regular', models.PositiveSmallIntegerField(default=3, verbose_name='working days of notice, regular')),
                ('notice_days_extraordinary', models.PositiveSmallIntegerField(default=1, verbose_name='days of notice, extraordinary')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
            ],
            options={
                'verbose_name': 'rule set',
                'ordering': ('code', '-version'),
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='one_row_per_version_of_a_rule_set')],
            },
        ),
        migrations.AddField(
            model_name='meetingseries',
            name='rule_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='meetings.ruleset', verbose_name='rule set'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='rule_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='meetings.ruleset', verbose_name='rule set'),
        ),
        migrations.CreateModel(
            name='SeriesMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(default='member', max_length=20)),
                ('has_vote', models.BooleanField(default=True)),
                ('is_head', models.BooleanField(default=False)),
                ('title', models.CharField(blank=True, max_length=160)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='default_members', to='meetings.meetingseries')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('series', 'person'), name='one_place_per_person_in_a_series')],
            },
        ),
        migrations.CreateModel(
            name='TimeCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('which', models.CharField(choices=[('started_at', 'begin'), ('ended_at', 'end')], max_length=12, verbose_name='which time')),
                ('original', models.DateTimeField()),
                ('value', models.DateTimeField(verbose_name='corrected time')),
                ('reason', models.CharField(max_length=240, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='time_corrections', to='meetings.meeting')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ItemTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='meetings.agendaitem')),
            ],
            options={
                'ordering': ('began_at',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('item',), name='one_open_turn_per_item')],
            },
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'position'), name='one_item_per_position'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'current')), fields=('meeting',), name='one_current_item_per_meeting'),
        ),
    ]
