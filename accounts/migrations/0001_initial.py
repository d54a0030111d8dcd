import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('number', models.BigIntegerField(default=0)),
                ('hash', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(default='wall', max_length=20)),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('pairing_code', models.CharField(blank=True, db_index=True, max_length=8)),
                ('pairing_until', models.DateTimeField(blank=True, null=True)),
                ('scope', models.CharField(blank=True, help_text='meeting:<uuid>, once it is paired', max_length=80)),
                ('permission_version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'device',
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='OrganisationLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('rank', models.PositiveSmallIntegerField(help_text='0 is the highest.', verbose_name='rank')),
            ],
            options={
                'verbose_name': 'level',
                'ordering': ('rank',),
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='rank')),
            ],
            options={
                'verbose_name': 'position',
                'ordering': ('rank', 'name'),
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(blank=True, max_length=60, null=True, unique=True, verbose_name='login name')),
                ('full_name', models.CharField(max_length=120, verbose_name='full name')),
                ('folded_name', models.CharField(db_index=True, editable=False, max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('language', models.CharField(default='vi', max_length=5, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='may log in')),
                ('permission_version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'ordering': ('folded_name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('short_name', models.CharField(max_length=80, verbose_name='short name')),
                ('kind', models.CharField(choices=[('people_committee', "People's Committee"), ('people_council', "People's Council"), ('department', 'Department'), ('office', 'Office'), ('other', 'Other')], default='other', max_length=20, verbose_name='kind')),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='opened on')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='accounts.organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='accounts.organisation', verbose_name='parent')),
                ('level', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisationlevel', verbose_name='level')),
            ],
            options={
                'verbose_name': 'organisation',
                'ordering': ('name',),
                'constraints': [models.CheckConstraint(condition=models.Q(('merged_into', None), ('closed_on__isnull', False), _connector='OR'), name='only_a_closed_organisation_is_merged')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('system_admin', 'System administrator'), ('unit_admin', 'Unit administrator'), ('secretary', 'Secretary'), ('leadership', 'Leadership')], max_length=20, verbose_name='role')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='accounts.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'role in an organisation',
                'constraints': [models.UniqueConstraint(fields=('person', 'organisation', 'role'), name='one_role_once_per_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation', verbose_name='organisation')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.position', verbose_name='position')),
            ],
            options={
                'verbose_name': 'membership',
                'ordering': ('organisation', 'position__rank', 'person__folded_name'),
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='a_membership_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=80)),
                ('number', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('act', models.CharField(max_length=60, verbose_name='act')),
                ('about', models.CharField(max_length=120, verbose_name='about')),
                ('facts', models.JSONField(default=dict)),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='address')),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'act',
                'ordering': ('chain', 'number'),
                'indexes': [models.Index(fields=['by', 'at'], name='acts_by_account_and_time')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='one_act_per_number_of_a_chain')],
            },
        ),
    ]
