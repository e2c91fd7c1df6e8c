"""The house rules as functions over a source tree, so that each can be shown a planted breach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "madoguchi"
LONGEST_FILE = 400
# fmt: off
TOP_LEVEL = frozenset({
    "__init__", "apps", "api", "enums", "errors", "rules", "models", "events", "permissions", "registry",
    "selectors", "services", "plugins", "schema", "forms", "views", "rest", "urls", "tasks", "admin", "blocks",
    "wagtail_hooks", "management", "templatetags", "migrations", "locale", "jinja2", "templates", "static",
    "data",
})
# fmt: on
MODEL_SIGNALS = frozenset(
    {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}
)


def python_files(root: Path) -> Iterator[Path]:
    """Yield the source files below a folder, migrations aside."""
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts and "node_modules" not in path.parts:
            yield path


def rooms(root: Path) -> list[Path]:
    """Return the rooms: packages with an ``apps`` module."""
    return [path.parent for path in sorted(root.glob("*/apps.py"))]


def long_files(root: Path) -> list[str]:
    """Return the files over the length cap."""
    return [
        f"{path.relative_to(root)}: {count} lines"
        for path in python_files(root)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]


def positional_services(root: Path) -> list[str]:
    """Return the public functions of ``services`` that can be called with positional arguments."""
    found = []
    for path in python_files(root):
        relative = path.relative_to(root)
        if len(relative.parts) < 2 or relative.parts[1].removesuffix(".py") != "services":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _writes(node):
                found.append(f"{relative}:{node.lineno} {node.name}")
    return found


def _writes(node: ast.FunctionDef) -> bool:
    """Tell whether a service takes two or more positional arguments (one subject may stand alone)."""
    return len(node.args.args) + len(node.args.posonlyargs) > 1


def signal_receivers(root: Path) -> list[str]:
    """Return the places that connect to Django's model signals."""
    found = []
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            if isinstance(node, ast.ImportFrom) and names & MODEL_SIGNALS:
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found


FROZEN = ("madoguchi.kit.ids", "madoguchi.trust.plugins.", "madoguchi.trust.api")
"""What migrations may import: identifiers, and the migration operations, which stay as they are for this reason."""


def migrations_with_app_code(root: Path) -> list[str]:
    """Return the migrations that import application code: it will have changed when they run again."""
    found = []
    for path in sorted(root.glob("*/migrations/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("madoguchi.") and not module.startswith(FROZEN):
                found.append(f"{path.relative_to(root)}:{node.lineno} {module}")
    return found


def unnamed_migrations(root: Path) -> list[str]:
    """Return the migrations with a generated name."""
    return [str(path.relative_to(root)) for path in root.glob("*/migrations/*.py") if "_auto_" in path.name]


def foreign_modules(root: Path) -> list[str]:
    """Return modules of a room that are not in the file set of a room; ``site`` and ``kit`` are composed freely."""
    found = []
    for room in rooms(root):
        if room.name == "site":
            continue
        for path in sorted(room.iterdir()):
            if path.name in {"README.md", "__pycache__"} or path.name.removesuffix(".py") in TOP_LEVEL:
                continue
            found.append(str(path.relative_to(root)))
    return found


def unsorted_doors(root: Path) -> list[str]:
    """Return the rooms whose ``api.__all__`` is missing or not in order."""
    found = []
    for room in rooms(root):
        door = room / "api.py"
        if not door.exists():
            if room.name != "site":
                found.append(f"{room.name}: no api.py")
            continue
        names = next(
            (
                [item.value for item in node.value.elts if isinstance(item, ast.Constant)]
                for node in ast.parse(door.read_text(encoding="utf-8")).body
                if isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and node.targets[0].id == "__all__"
                and isinstance(node.value, ast.List)
            ),
            None,
        )
        if names is None or sorted(names, key=_isort_key) != names:
            found.append(f"{room.name}: __all__ is missing or not sorted")
    return found


def _isort_key(name: str) -> tuple[int, str]:
    """Order constants, then classes, then functions, as ruff sorts ``__all__``."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def long_readmes(root: Path) -> list[str]:
    """Return rooms without a README or with one over 60 lines."""
    found = []
    for room in [*rooms(root), root / "kit"]:
        readme = room / "README.md"
        if not readme.exists() or not 5 <= len(readme.read_text(encoding="utf-8").splitlines()) <= 60:
            found.append(room.name)
    return found


def dynamic_model_lookups(root: Path) -> list[str]:
    """Return uses of ``apps.get_model`` for our own rooms outside migrations: import contracts cannot see them."""
    own = {room.name for room in rooms(SOURCE)} | {room.name for room in rooms(root)}
    found = []
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_model":
                if isinstance(node.func.value, ast.Attribute) and node.func.value.attr == "apps":
                    continue  # the state of a migration operation: state.apps.get_model
                label = node.args[0] if node.args else None
                if not isinstance(label, ast.Constant) or str(label.value).split(".")[0] in own:
                    found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found
