"""The projection of everything findable, and the tables of the `sql` engine beside it."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.utils import timezone

from search import models_editing  # noqa: F401 - Django looks for models in this module


class Entry(models.Model):
    """One row per findable thing, written in the transaction that changed the thing."""

    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    title = models.TextField()
    body = models.TextField(blank=True)
    # Where the sections of the body begin: [offset, anchor, heading], in order.
    sections = models.JSONField(default=list, blank=True)
    url = models.CharField(max_length=2000)
    language = models.CharField(max_length=35)
    product = models.CharField(max_length=64, blank=True)
    tags = models.JSONField(default=list, blank=True)
    solved = models.BooleanField(null=True)
    state = models.CharField(max_length=40, blank=True)
    demoted = models.BooleanField(default=False)
    popularity = models.IntegerField(default=0)
    family = models.CharField(max_length=100, blank=True)
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # When this row was written: a rebuild catches up on what changed while it ran.
    indexed_at = models.DateTimeField(default=timezone.now, db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_object"),
        ]
        indexes = [models.Index(fields=["family"], name="search_entry_family")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.title}"


class EntryToken(models.Model):
    """Who may find an entry: anybody who holds one of its tokens."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "token"], name="search_entrytoken_once"),
        ]
        # One's own things are completed while typing.
        indexes = [models.Index(fields=["token", "entry"], name="search_entrytoken_token")]

    def __str__(self) -> str:
        return self.token


class Collection(models.Model):
    """One complete index. A rebuild fills a new one beside the live one and switches."""

    class State(models.TextChoices):
        BUILDING = "building"
        LIVE = "live"
        SCRATCH = "scratch"

    state = models.CharField(max_length=10, choices=State)
    has_families = models.BooleanField(default=False)
    # {"languages": {"en": {"n": documents, "title": mean words, "body": mean words}}}, public only
    statistics = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    # The process that fills it, as jobs name theirs.
    owner = models.CharField(max_length=80, blank=True)
    # The engine that keeps it and how much of it where; and the form of what it keeps.
    made_by = models.CharField(max_length=40, blank=True)
    form = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="search_collection_state")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class Term(models.Model):
    """One term of one collection; the first letter of the key is its kind (analysis/words.py)."""

    collection = models.ForeignKey(Collection, models.DO_NOTHING, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    # How the word was written where folding changed it: suggestions show `żółw`, not `zolw`.
    display = models.CharField(max_length=80, blank=True)
    # Public documents that had it when the statistics were last counted.
    df = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "key"],
                name="search_term_key",
                # Byte order on PostgreSQL too, so that a prefix is a range of the index.
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.key


class RowNumber(models.BigIntegerField):  # type: ignore[type-arg]
    """A primary key that is given, not counted.

    SQLite sorts a table by its key only where that is called `integer` (of 64 bits there, too);
    a `bigint` would be a second tree beside the table, and every row looked up in both.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Posting(models.Model):
    """A term in a document. The id is term * 2**31 + document.

    So the table itself is sorted by term: one index, and a term is one range of it.
    """

    id = RowNumber(primary_key=True)
    # Thousandths of the field scores' sum, times two, plus one if the term is in the title.
    weight = models.SmallIntegerField()

    def __str__(self) -> str:
        return str(self.pk)


class Doc(models.Model):
    """A document of a collection: what a query filters, counts and groups by."""

    collection = models.ForeignKey(Collection, models.DO_NOTHING, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=200)
    # Translations share a negative number; a document without any has its own id.
    family = models.BigIntegerField(default=0)
    is_public = models.BooleanField()
    # The entry's, when it was indexed: tells what a rebuild missed.
    version = models.BigIntegerField(default=0)
    # Per mille: below 1000 is ranked down, above is a tie broken by popularity.
    factor = models.SmallIntegerField(default=1000)
    language = models.CharField(max_length=35)
    product = models.CharField(max_length=64, blank=True)
    solved = models.BooleanField(null=True)
    state = models.CharField(max_length=40, blank=True)
    # Last change of the thing, in seconds since 1970.
    changed_at = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "kind", "object_id"], name="search_doc_object"
            ),
        ]
        indexes = [
            models.Index(fields=["collection", "is_public", "language"], name="search_doc_counted"),
            models.Index(
                fields=["family"], name="search_doc_family", condition=models.Q(family__lt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class DocToken(models.Model):
    """Who may find a document that is not public."""

    doc = models.ForeignKey(Doc, models.DO_NOTHING, related_name="+", db_index=False)
    token = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["doc", "token"], name="search_doctoken_once")
        ]

    def __str__(self) -> str:
        return self.token


class DocWords(models.Model):
    """What a document is taken out by, and where its words stand (engines/sql/ranking.py)."""

    doc = models.OneToOneField(Doc, models.DO_NOTHING, primary_key=True, related_name="+")
    # Terms that are not among the words.
    terms = models.BinaryField()
    words = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"words of {self.doc_id}"


class Outbox(models.Model):
    """A thing whose index on another server is behind: written with the change, fed after it.

    One row per thing; VERSION tells whether it changed again while it was fed.
    """

    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    version = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    # Refused things wait longer each time; they never hold up others.
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.IntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_outbox_object"),
        ]
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Vector(models.Model):
    """The meaning of one passage of an entry: 512 half floats (the extra `semantic`)."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="vectors", db_index=False)
    number = models.PositiveSmallIntegerField()
    # Of the text it was made from, and when that was compared with the entry.
    digest = models.BinaryField(max_length=8)
    written_at = models.DateTimeField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="search_vector_once")
        ]

    def __str__(self) -> str:
        return f"passage {self.number} of {self.entry_id}"
