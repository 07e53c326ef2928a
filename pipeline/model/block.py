"""What every block of a definition file has in common: no field but the known ones, never changed after it is read."""

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """A block of a definition file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
