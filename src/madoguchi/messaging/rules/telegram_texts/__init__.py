"""What residents are told of a telegram, in Japanese, plain Japanese and English."""

from .compose import compose_contents

__all__ = ["compose_contents"]
