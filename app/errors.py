"""Everything that the app raises on purpose; each message is a sentence that a person can act on.

    AppError
    +-- CannotListen     the address that pages are to be served at cannot be had
    +-- StoreError       the data folder or its database cannot be used
        +-- FolderInUse      another server works on the same data folder
        +-- NotOurDatabase   the file is no database, or is damaged
        +-- NewerDatabase    a newer version of the product wrote it
        +-- DiskFull         there is no room left for what was to be written

`app.problems.HTTPProblem` stands beside this tree: it is an answer to one request.
"""


class AppError(Exception):
    """The root: catch this to catch everything that the app raises on purpose."""


class CannotListen(AppError):
    """The address that pages are to be served at cannot be had."""


class StoreError(AppError):
    """The data folder or its database cannot be used."""


class FolderInUse(StoreError):
    """Another server works on the same data folder."""


class NotOurDatabase(StoreError):
    """The file is no database, or is damaged."""


class NewerDatabase(StoreError):
    """A newer version of the product wrote it."""


class DiskFull(StoreError):
    """There is no room left for what was to be written."""
