"""A measured network for other programs: GraphML and GEXF 1.3, as networkx, Gephi and igraph read them. Written as it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import XMLGenerator

from contacts.models import NetworkPosition
from contacts.network import graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from contacts.network.graph import Graph
    from contacts.network.metrics import Metrics

# Of each node: what it is called in the files and in JSON, and its type in GraphML. GEXF says "integer" for int.
TYPES = {
    "label": "string", "kind": "string", "external_id": "string", "degree": "int", "betweenness": "double", "betweenness_error": "double",
    "constraint": "double", "core": "int", "community": "int",
}  # fmt: skip
NAMESPACES = {"graphml": "http://graphml.graphdrawing.org/xmlns", "gexf": "http://gexf.net/1.3"}


class Node(NamedTuple):
    """`values` leave out what is empty: a constraint that is not defined, a number elsewhere that nobody gave."""

    id: str
    values: dict[str, Any]


def nodes_of(found: Graph, metrics: Metrics) -> Iterator[Node]:
    names = graph.names_of(found.contacts)
    columns = (metrics.degree, metrics.betweenness, metrics.errors, metrics.constraint, metrics.core, metrics.communities)
    for contact, *row in zip(found.contacts, *columns, strict=True):
        named = names.get(contact, graph.Named(""))
        told = {"label": named.name, "kind": "organisation" if contact.is_organisation else "person", "external_id": named.external_id or None}
        told |= dict(zip(NetworkPosition.METRICS, row, strict=True))
        yield Node(contact.id, {name: value for name, value in told.items() if value is not None})


def write_graphml(file: BinaryIO, found: Graph, metrics: Metrics) -> None:
    xml = _Writer(file)
    with xml.element("graphml", xmlns=NAMESPACES["graphml"]):
        for name, kind in TYPES.items():
            xml.empty("key", **{"id": name, "for": "node", "attr.name": name, "attr.type": kind})
        xml.empty("key", **{"id": "weight", "for": "edge", "attr.name": "weight", "attr.type": "double"})
        with xml.element("graph", edgedefault="undirected"):
            for node in nodes_of(found, metrics):
                with xml.element("node", id=node.id):
                    for name, value in node.values.items():
                        xml.text("data", _plain(value), key=name)
            for one, other, strength in _edges(found):
                with xml.element("edge", source=one, target=other):
                    xml.text("data", repr(strength), key="weight")
    xml.end()


def write_gexf(file: BinaryIO, found: Graph, metrics: Metrics) -> None:
    xml = _Writer(file)
    with xml.element("gexf", xmlns=NAMESPACES["gexf"], version="1.3"), xml.element("graph", defaultedgetype="undirected", mode="static"):
        with xml.element("attributes", **{"class": "node", "mode": "static"}):
            for name in list(TYPES)[1:]:
                xml.empty("attribute", id=name, title=name, type="integer" if TYPES[name] == "int" else TYPES[name])
        with xml.element("nodes"):
            for node in nodes_of(found, metrics):
                with xml.element("node", id=node.id, label=_plain(node.values["label"])), xml.element("attvalues"):
                    for name in [name for name in node.values if name != "label"]:
                        xml.empty("attvalue", **{"for": name, "value": _plain(node.values[name])})
        with xml.element("edges"):
            for number, (one, other, strength) in enumerate(_edges(found)):
                xml.empty("edge", id=str(number), source=one, target=other, weight=repr(strength))
    xml.end()


WRITERS: dict[str, Callable[[BinaryIO, Graph, Metrics], None]] = {".graphml": write_graphml, ".gexf": write_gexf}


def _edges(found: Graph) -> Iterator[tuple[str, str, float]]:
    ids = [contact.id for contact in found.contacts]
    for (one, other), strength in zip(found.pairs, found.strengths, strict=True):
        yield ids[one], ids[other], strength


def _plain(value: Any) -> str:
    """Floats in full. Signs that XML 1.0 cannot hold, which a name from a file may have, are left out."""
    if isinstance(value, float):
        return repr(value)
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n")


class _Writer:
    def __init__(self, file: BinaryIO) -> None:
        self._xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
        self._xml.startDocument()

    def element(self, name: str, **attributes: str) -> _Element:
        return _Element(self._xml, name, attributes)

    def empty(self, name: str, **attributes: str) -> None:
        with self.element(name, **attributes):
            pass

    def text(self, name: str, words: str, **attributes: str) -> None:
        with self.element(name, **attributes):
            self._xml.characters(words)

    def end(self) -> None:
        self._xml.endDocument()


class _Element:
    def __init__(self, xml: XMLGenerator, name: str, attributes: dict[str, str]) -> None:
        self._xml, self._name = xml, name
        self._xml_attributes = attributes

    def __enter__(self) -> None:
        self._xml.startElement(self._name, self._xml_attributes)  # type: ignore[arg-type]  # a plain dict is what it takes

    def __exit__(self, *_: object) -> None:
        self._xml.endElement(self._name)
