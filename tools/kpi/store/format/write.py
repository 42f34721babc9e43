"""From the tree to lines in the standard form. Names, values and comments stand there as they were typed."""

from kpi.store.format.block_text import block_text, moved
from kpi.store.format.tree import FIELDS, LIST, TEXT, Entry, Node


def lines_of(root: Node, text: str) -> list[str]:
    """The lines of a file, without their line ends.

    Args:
        root: the tree.
        text: what it was made of.
    """
    writer = _Writer(text)
    writer.entries(root, 0)
    return writer.lines


class _Writer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[str] = []

    def entries(self, node: Node, indent: int, lead: str = "") -> None:
        """The entries of a block and what stands at its end; `lead` holds the dashes that the first entry stands behind."""
        for entry in node.entries:
            if not lead:
                self._loose(entry.above, indent)
            self._entry(entry, node, indent, lead or " " * indent)
            lead = ""
        self._loose(node.tail, indent)

    def _loose(self, lines: list[str], indent: int) -> None:
        """Comments and blank lines: none at the start of the file, and no two blank ones in a row."""
        for line in lines:
            if line:
                self.lines.append(" " * indent + line)
            elif self.lines and self.lines[-1]:
                self.lines.append("")

    def _entry(self, entry: Entry, holder: Node, indent: int, lead: str) -> None:
        """An entry of `holder`. A text over several lines moves as far as its name or dash does."""
        is_item = holder.kind == LIST
        head = f"{lead}-" if is_item else f"{lead}{entry.name}:"
        move = indent - holder.column
        node = entry.node
        if node.is_block:
            if is_item and not entry.after and not any(node.entries[0].above):
                self.entries(node, indent + 2, f"{head} ")
            else:
                self.lines.append(head + entry.after)
                self.entries(node, indent + 2)
        elif node.style in ("|", ">"):
            block = block_text(self.text, node.start)
            self.lines.append(f"{head} {block.sign}")
            self.lines += moved(block, move)
        else:
            first, *more = self._value(node).split("\n")
            self.lines.append(f"{head} {first}" if first else head)
            self.lines += [_moved(line, move, indent + 2) for line in more]
            self.lines[-1] += entry.after

    def _value(self, node: Node) -> str:
        """A value as it stands behind its name: a text as typed, or what stands in brackets."""
        source = self.text[node.start : node.stop]
        if node.kind == TEXT:
            return source.replace("\r\n", "\n")
        if any(entry.node.start == entry.node.stop for entry in node.entries):
            return source  # a name without a value: left as it is
        parts = [self._value(entry.node) for entry in node.entries]
        if node.kind == FIELDS:
            names = [entry.name for entry in node.entries]
            return f"{{{', '.join(f'{name}: {part}' for name, part in zip(names, parts, strict=True))}}}"
        return f"[{', '.join(parts)}]"


def _moved(line: str, columns: int, least: int) -> str:
    """A further line of a text in quotes, indented by at least `least`."""
    body = line.lstrip(" ")
    return " " * max(len(line) - len(body) + columns, least) + body if body else line
