"""OpenID Connect: the client that asks identity providers, in the profiles of the two public services."""

from .client import OidcProvider
from .configuration import connect, provider_from
from .keys import public_jwks

__all__ = ["OidcProvider", "connect", "provider_from", "public_jwks"]
