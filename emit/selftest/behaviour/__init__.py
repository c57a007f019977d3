"""The routes of the misbehaving server, each below a site's own path.

A decorated function is the answer to its pattern; SIZE in a path is the size
of the body, and `content.body(SIZE)` is what should arrive.
"""

from emit.selftest.behaviour import good, lies, limited, redirects, secrets, trouble, wire
from emit.selftest.behaviour.registry import routes

__all__ = ["good", "lies", "limited", "redirects", "routes", "secrets", "trouble", "wire"]
