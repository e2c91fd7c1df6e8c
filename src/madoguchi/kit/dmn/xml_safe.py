"""Reading XML that somebody uploaded: no document type, no entities, no network, a size limit."""

from lxml import etree

from madoguchi.kit.dmn.errors import DmnError

SIZE_MAX = 8 * 1024 * 1024


def parse_xml(content: bytes, *, size_max: int = SIZE_MAX) -> etree._Element:
    """The root element of a document; DmnError when it is too large, broken, or has a document type declaration."""
    if len(content) > size_max:
        raise DmnError(f"ファイルが大きすぎます（上限{size_max // (1024 * 1024)}MB）。", code="too-large")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DmnError(f"XMLとして読み取れません：{error}", code="broken") from None
    if root.getroottree().docinfo.doctype:
        raise DmnError("文書型宣言（DOCTYPE）のあるXMLは受け付けません。", code="doctype")
    return root


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname
