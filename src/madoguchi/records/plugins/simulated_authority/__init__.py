"""A certification authority and time stamp authority for demonstrations and tests, spoken to over HTTP like real ones."""

from .pki import AuthorityOptions, SimulatedAuthority
from .server import make_server, serve

__all__ = ["AuthorityOptions", "SimulatedAuthority", "make_server", "serve"]
