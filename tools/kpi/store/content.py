"""What a file holds, together with what was read of it: whoever hands it on spares the next one the reading."""

from kpi.store.reader import Document, read


class Content(bytes):
    """The bytes of a file.

    Attributes:
        document: what was read of them.
    """

    document: Document


def read_once(data: bytes, document: Document | None = None) -> Content:
    """Read a file, unless it comes with what was read of it, or that is given."""
    if isinstance(data, Content):
        return data
    content = Content(data)
    content.document = document or read(data)
    return content
