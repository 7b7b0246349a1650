"""The model that something goes on from: one that is kept, or the one that a run has come to."""

from __future__ import annotations

from app.problems import HTTPProblem
from app.runs import keeping
from app.store import Reader, Store, is_id, models, runs


def document(after: str | None, reader: Reader, store: Store) -> bytes | None:
    """The model document for the id of a model or of a run; None for no id. Raises HTTPProblem 404 or 422."""
    if after is None:
        return None
    model = models.get(reader, after) if is_id(after) else None
    if model:
        return model.json.encode()
    if not is_id(after) or runs.get(reader, after) is None:
        raise HTTPProblem(404, "after-missing", "There is no model and no run with this id to go on from.")
    found = keeping.kept(store.run_folder(after))
    if found is None:
        raise HTTPProblem(422, "after", "The run to go on from has no model yet. Pause it first, or leave it out.")
    return found
