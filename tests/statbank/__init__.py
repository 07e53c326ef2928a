"""A local server that behaves like SSB's PxWebApi v2 and KLASS, bad days included. The figures are synthetic."""

from tests.statbank.server import Call, Server

__all__ = ["Call", "Server"]
