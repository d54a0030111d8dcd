import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_the_log_is_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('meetings', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('title', models.CharField(max_length=300, verbose_name='name of the paper')),
                ('kind', models.CharField(choices=[('submission', 'Submission'), ('report', 'Report'), ('draft', 'Draft decision or resolution'), ('appraisal', 'Appraisal or verification'), ('annex', 'Annex'), ('other', 'Other')], default='other', max_length=20, verbose_name='type')),
                ('abstract', models.CharField(blank=True, max_length=500, verbose_name='abstract')),
                ('number', models.CharField(blank=True, max_length=20, verbose_name='number')),
                ('symbol', models.CharField(blank=True, max_length=40, verbose_name='symbol')),
                ('issuing_body', models.CharField(blank=True, max_length=200, verbose_name='issuing body')),
                ('restricted', models.BooleanField(default=False, verbose_name='only for those it is granted to')),
                ('is_handed_out', models.BooleanField(default=False, verbose_name='handed out on the spot')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='meetings.agendaitem', verbose_name='agenda item')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='meetings.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'paper',
                'ordering': ('position', 'added_at', 'pk'),
                'permissions': (('read_document', 'May read this paper'),),
                'indexes': [models.Index(fields=['meeting', 'item', 'position'], name='papers_of_a_meeting_in_order')],
            },
        ),
        migrations.CreateModel(
            name='DocumentUserObjectPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='person_grants', to='documents.document')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('size_bytes', models.BigIntegerField()),
                ('file_name', models.CharField(help_text="As it was called on the sender's machine.", max_length=255)),
                ('file', models.CharField(help_text='Where the storage keeps it: under its content.', max_length=160)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('reading', 'being prepared'), ('ready', 'ready'), ('held', 'held back'), ('refused', 'refused')], default='waiting', max_length=10)),
                ('refusal', models.CharField(blank=True, help_text='Code of the reason; see refusals.py.', max_length=30)),
                ('stamp', models.CharField(blank=True, help_text='The grade that page 1 seems to bear.', max_length=20)),
                ('page_count', models.PositiveIntegerField(default=0)),
                ('pages_drawn', models.PositiveIntegerField(default=0)),
                ('outline', models.JSONField(blank=True, default=list)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='documents.document')),
            ],
            options={
                'verbose_name': 'version',
                'ordering': ('document', '-number'),
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='one_version_per_number_of_a_paper')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.UUIDField(editable=False, help_text='Made by the tablet.', primary_key=True, serialize=False)),
                ('page', models.PositiveIntegerField()),
                ('layer', models.CharField(choices=[('private', 'private note'), ('shared', 'shared comment')], default='private', max_length=10)),
                ('kind', models.CharField(choices=[('ink', 'ink')], default='ink', max_length=10)),
                ('geometry', models.JSONField()),
                ('style', models.JSONField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='meetings.meeting')),
                ('origin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='documents.mark')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='documents.documentversion')),
            ],
            options={
                'verbose_name': 'mark',
                'ordering': ('made_at', 'pk'),
                'indexes': [models.Index(fields=['version', 'layer', 'owner'], name='marks_of_a_layer'), models.Index(fields=['origin'], name='copies_of_a_mark')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('layer', 'private'), ('meeting', None)), models.Q(('layer', 'shared'), ('meeting__isnull', False)), _connector='OR'), name='a_shared_mark_belongs_to_a_meeting')],
            },
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('width_pt', models.FloatField(help_text='As it is viewed: cropped and turned.')),
                ('height_pt', models.FloatField()),
                ('media', models.JSONField(help_text='[x0, y0, x1, y1] in PDF user space.')),
                ('crop', models.JSONField()),
                ('rotation', models.PositiveSmallIntegerField()),
                ('matrix', models.JSONField(help_text='[a, b, c, d, e, f]: user space to view.')),
                ('text', models.JSONField(blank=True, help_text='{"spans": […], "links": […]}; null until it is read.', null=True)),
                ('raster', models.CharField(choices=[('waiting', 'waiting'), ('ready', 'ready'), ('failed', 'failed')], default='waiting', max_length=8)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='documents.documentversion')),
            ],
            options={
                'ordering': ('version', 'number'),
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='one_page_per_number_of_a_version')],
            },
        ),
        migrations.CreateModel(
            name='PresentedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='presented_page', to='meetings.meeting')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.documentversion')),
            ],
        ),
        migrations.CreateModel(
            name='UnitGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unit_grants', to='documents.document')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'grant to a unit',
                'ordering': ('organisation__name',),
                'constraints': [models.UniqueConstraint(fields=('document', 'organisation'), name='one_grant_per_unit_and_paper')],
            },
        ),
        migrations.AlterUniqueTogether(
            name='documentuserobjectpermission',
            unique_together={('user', 'permission', 'content_object')},
        ),
    ]
