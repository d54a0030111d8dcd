"""Triggers refuse every change to the log of acts, also by hand."""

from django.db import migrations

SQLITE = [
    f"""
    CREATE TRIGGER accounts_act_no_{verb.lower()} BEFORE {verb} ON accounts_act
    BEGIN SELECT RAISE(ABORT, 'the log of acts is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    """
    CREATE FUNCTION accounts_act_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log of acts is append-only'; END $$
    """,
    """
    CREATE TRIGGER accounts_act_no_change BEFORE UPDATE OR DELETE ON accounts_act
    FOR EACH ROW EXECUTE FUNCTION accounts_act_is_append_only()
    """,
]


def add_triggers(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER accounts_act_no_update")
        schema_editor.execute("DROP TRIGGER accounts_act_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER accounts_act_no_change ON accounts_act")
        schema_editor.execute("DROP FUNCTION accounts_act_is_append_only()")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
