"""What every block of a definition file has in common: no field but the known ones, never changed after it is read."""

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
