"""The XML namespaces of DMN, version by version."""

MODEL_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
FEEL_15 = "https://www.omg.org/spec/DMN/20230324/FEEL/"
MODEL_NAMESPACES: dict[str, str] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    MODEL_15: "1.5",
    "https://www.omg.org/spec/DMN/20240513/MODEL/": "1.6",
}


def is_feel(language: str) -> bool:
    """Whether an expression language is FEEL (an empty one is)."""
    return not language or "feel" in language.lower()


def is_dmn_import(import_type: str) -> bool:
    """Whether an import brings in a decision model (an unnamed kind is taken for one)."""
    return not import_type or import_type in MODEL_NAMESPACES
