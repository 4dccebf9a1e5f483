from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0002_take_over_and_identity'),
    ]

    operations = [
        migrations.AddField(
            model_name='proposal',
            name='status',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
    ]
