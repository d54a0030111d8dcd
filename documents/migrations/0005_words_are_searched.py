"""The words of pages, and the index in which they are sought: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Both take the words as they are given, taken apart by one function of ours (documents/spelling.py), so that both answer
alike: PostgreSQL's own parser and SQLite's unicode61 would each cut "412/QĐ-UBND" in another way. SQLite's tokenizer is
"ascii", which parts at blanks and signs of ASCII, and our words have none. Phrases are compared in the table itself,
so the index keeps no places (detail=none); a tsvector would forget them after the 256th.

On SQLite a later migration that changes this table makes it anew: the triggers must then be made again.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    """
    CREATE VIRTUAL TABLE documents_wording_index
    USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii')
    """,
    """
    CREATE TRIGGER documents_wording_comes AFTER INSERT ON documents_wording BEGIN
      INSERT INTO documents_wording_index (rowid, words) VALUES (new.id, new.folded || ' ' || new.spelled);
    END
    """,
    """
    CREATE TRIGGER documents_wording_goes AFTER DELETE ON documents_wording BEGIN
      INSERT INTO documents_wording_index (documents_wording_index, rowid, words)
      VALUES ('delete', old.id, old.folded || ' ' || old.spelled);
    END
    """,
    """
    CREATE TRIGGER documents_wording_changes AFTER UPDATE OF id, folded, spelled ON documents_wording BEGIN
      INSERT INTO documents_wording_index (documents_wording_index, rowid, words)
      VALUES ('delete', old.id, old.folded || ' ' || old.spelled);
      INSERT INTO documents_wording_index (rowid, words) VALUES (new.id, new.folded || ' ' || new.spelled);
    END
    """,
]
POSTGRESQL = [
    # What it costs is said, and in plpgsql it is not taken apart: else PostgreSQL would read all rows and make the vector
    # of each anew (1500 ms for 4800 pages) rather than believe its index.
    """
    CREATE FUNCTION documents_words_of(folded text, spelled text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS
    $$ BEGIN RETURN array_to_tsvector(array_remove(string_to_array(folded || ' ' || spelled, ' '), '')); END $$
    """,
    """
    CREATE INDEX documents_wording_index ON documents_wording USING gin (documents_words_of(folded, spelled))
    """,
]


def make_index(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("comes", "goes", "changes"):
            schema_editor.execute(f"DROP TRIGGER documents_wording_{name}")
        schema_editor.execute("DROP TABLE documents_wording_index")
    else:
        schema_editor.execute("DROP INDEX documents_wording_index")
        schema_editor.execute("DROP FUNCTION documents_words_of(text, text)")


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_a_file_on_its_way")]

    operations = [
        migrations.CreateModel(
            name="Wording",
            # The long texts stand last: SQLite then finds the keys of a row without reading through them.
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wordings", to="documents.document"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="documents.documentversion",
                    ),
                ),
                (
                    "page",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wording",
                        to="documents.page",
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(default=0, help_text="Of the page; 0 is what the paper is called."),
                ),
                (
                    "folded",
                    models.TextField(blank=True, help_text="Words without accents, a blank between them."),
                ),
                ("spelled", models.TextField(blank=True, help_text="The same words with their accents.")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("page", None)),
                        fields=("document",),
                        name="one_wording_of_what_a_paper_is_called",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", 0), ("page", None), ("version", None)),
                            models.Q(("number__gt", 0), ("page__isnull", False), ("version__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_wording_is_of_a_page_or_of_a_paper",
                    ),
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
