import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0003_progress_taken_over'),
        ('organisation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('steps', models.TextField()),
                ('plan', models.JSONField(default=dict)),
                ('proposed_at', models.DateTimeField()),
                ('state', models.CharField(default='proposed', max_length=10)),
                ('opinion', models.TextField(blank=True)),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_proposals', to='directives.duty')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={'ordering': ['pk']},
        ),
        migrations.CreateModel(
            name='LightNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lamp', models.CharField(max_length=12)),
                ('reason', models.TextField()),
                ('noted_on', models.DateField()),
                ('until', models.DateField()),
                ('withdrawn_on', models.DateField(null=True)),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='light_notes', to='directives.duty')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={'ordering': ['-pk']},
        ),
        migrations.AddConstraint(
            model_name='planproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('duty',), name='one_plan_waits_for_a_decision'),
        ),
    ]
