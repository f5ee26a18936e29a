"""Why an archive is not made, or not read back."""

from app.kernel.errors import N_, Refusal


class UnknownTables(Refusal):
    """A backup that leaves something out is none."""

    code = "unknown_tables"
    message = N_(
        "The database has tables this release does not know: {tables}. "
        "Nothing was written. Run the release that made them."
    )


class NotAnArchive(Refusal):
    """Some other file, or half of one."""

    code = "not_an_archive"
    message = N_("{file} is no archive of this product, or it is cut off. Nothing was changed.")


class OtherRevision(Refusal):
    """Rows mean what their own release says."""

    code = "other_revision"
    message = N_(
        "The archive has schema {theirs}, this database {ours}. Restore it with the release "
        "that made it, then upgrade. Nothing was changed."
    )


class NotEmpty(Refusal):
    """A restore never mixes two houses."""

    code = "not_empty"
    message = N_(
        "This database has people in it already. Restore into an empty one: "
        "make it, run `houtai migrate`, and restore there. Nothing was changed."
    )


class Damaged(Refusal):
    """What was read back differs from what was written down."""

    code = "archive_damaged"
    message = N_(
        "{part} is not what the archive says it holds. Take another archive. Nothing was changed."
    )
