"""An upload becomes a table: received into a file, read by a process of its own, published whole, then written down."""

from app.importing.importer import Importer, TheImporter
from app.importing.process import Bounds
from app.importing.progress import Board, Progress
from app.importing.upload import Upload, receive
from app.importing.wish import FIELDS, read_wish

__all__ = ["FIELDS", "Board", "Bounds", "Importer", "Progress", "TheImporter", "Upload", "read_wish", "receive"]
