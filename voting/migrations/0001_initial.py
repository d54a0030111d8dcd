import django.db.models.deletion
import uuid
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
            name='Poll',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('question', models.CharField(max_length=400, verbose_name='question')),
                ('secrecy', models.CharField(choices=[('named', 'named'), ('secret', 'secret')], default='named', max_length=10, verbose_name='kind of ballot')),
                ('options', models.JSONField(blank=True, default=list, help_text='[{"key": "for", "label": "", "counts_as": "for"}]')),
                ('rules', models.JSONField(blank=True, default=dict, help_text='Copied from the rule set at the opening.')),
                ('state', models.CharField(choices=[('drafted', 'prepared'), ('open', 'open'), ('closed', 'closed, not announced'), ('announced', 'announced'), ('cancelled', 'cancelled')], default='drafted', max_length=10, verbose_name='state')),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=240, verbose_name='reason of cancellation')),
                ('result', models.JSONField(blank=True, help_text='Fixed at closing; numbers and codes, no words.', null=True)),
                ('outcome', models.CharField(blank=True, help_text='"tie" until the side of the head is confirmed.', max_length=24)),
                ('tie_confirmed', models.BooleanField(default=False)),
                ('announced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='polls', to='meetings.agendaitem', verbose_name='agenda item')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='polls', to='meetings.meeting', verbose_name='meeting')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('repeats', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repetitions', to='voting.poll')),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.ruleset', verbose_name='rule set')),
            ],
            options={
                'verbose_name': 'poll',
                'ordering': ('item__position', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('meeting',), name='one_open_poll_per_meeting'), models.CheckConstraint(condition=models.Q(('secrecy', 'named')), name='no_secret_poll_without_an_urn'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('closed', 'announced')), _negated=True), ('result__isnull', False), _connector='OR'), name='a_closed_poll_has_a_result'), models.CheckConstraint(condition=models.Q(('closed_at', None), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='a_poll_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('cancel_reason', ''), _negated=True), _connector='OR'), name='a_cancelled_poll_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Elector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, help_text='The position held when the poll opened.', max_length=160)),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('is_head', models.BooleanField(default=False)),
                ('present_at_opening', models.BooleanField(default=False)),
                ('admitted_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stands_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='electors', to='voting.poll')),
            ],
            options={
                'verbose_name': 'elector',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('poll', 'person'), name='one_line_per_person_on_a_roll'), models.CheckConstraint(condition=models.Q(('weight', 1)), name='every_vote_weighs_the_same')],
            },
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(max_length=40)),
                ('op', models.UUIDField(blank=True, help_text="The tablet's operation; none for a vote given aloud.", null=True)),
                ('how', models.CharField(choices=[('tablet', 'on the own tablet'), ('aloud', 'given aloud')], default='tablet', max_length=10)),
                ('cast_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('salt', models.CharField(help_text='Of the hash that stands for the choice in the log of acts.', max_length=32)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('elector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='voting.elector')),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to='voting.poll')),
            ],
            options={
                'verbose_name': 'ballot',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('poll', 'elector'), name='one_ballot_per_elector'), models.CheckConstraint(condition=models.Q(models.Q(('how', 'aloud'), _negated=True), ('recorded_by__isnull', False), _connector='OR'), name='a_vote_given_aloud_names_its_recorder')],
            },
        ),
    ]
