"""Triggers refuse every change to a frozen baseline and to its sessions, also by hand."""

from django.db import migrations

REFUSAL = "a frozen baseline never changes"


def frozen(row):
    # `row` is NEW or OLD.
    return f"EXISTS (SELECT 1 FROM targets_baseline b WHERE b.id = {row}.baseline_id AND b.state = 'frozen')"  # noqa: S608


SQLITE = [
    *(
        f"""
        CREATE TRIGGER targets_baseline_no_{verb.lower()} BEFORE {verb} ON targets_baseline
        WHEN OLD.state = 'frozen' BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """
        for verb in ("UPDATE", "DELETE")
    ),
    *(
        f"""
        CREATE TRIGGER targets_baselinesession_no_{verb.lower()} BEFORE {verb} ON targets_baselinesession
        WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """
        for verb, condition in (
            ("INSERT", frozen("NEW")),
            ("UPDATE", f"{frozen('OLD')} OR {frozen('NEW')}"),
            ("DELETE", frozen("OLD")),
        )
    ),
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION targets_baseline_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state = 'frozen' THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION targets_baselinesession_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND {frozen("OLD")} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF {frozen("NEW")} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER targets_baseline_no_change BEFORE UPDATE OR DELETE ON targets_baseline
    FOR EACH ROW EXECUTE FUNCTION targets_baseline_is_kept()
    """,
    """
    CREATE TRIGGER targets_baselinesession_no_change BEFORE INSERT OR UPDATE OR DELETE ON targets_baselinesession
    FOR EACH ROW EXECUTE FUNCTION targets_baselinesession_is_kept()
    """,
]


def add_triggers(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER targets_baseline_no_{verb}")
        for verb in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER targets_baselinesession_no_{verb}")
    else:
        for table in ("targets_baseline", "targets_baselinesession"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_is_kept()")


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
