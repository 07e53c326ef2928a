"""What the pipeline does, as definitions: a module per kind of block, one that reads, one that checks across.

*What* stands in `pipeline/definitions/`; this room is the one place that reads it.
"""

from pipeline.model.definitions import Definitions
from pipeline.model.indicators import HEADINGS, Card, Deflator, Indicator, Operand, age_codes
from pipeline.model.load import load
from pipeline.model.mergers import Comparator, Deadline, Land, Member, Merger, MergerFile, Successor
from pipeline.model.services import County, Grouping, Part, Service, StandardRow
from pipeline.model.sources import EVIDENCE, Contents, Correction, Deviation, Evidence, Source, Tolerance
from pipeline.model.tables import FieldDef, Status, Table

__all__ = [
    "EVIDENCE",
    "HEADINGS",
    "Card",
    "Comparator",
    "Contents",
    "Correction",
    "County",
    "Deadline",
    "Definitions",
    "Deflator",
    "Deviation",
    "Evidence",
    "FieldDef",
    "Grouping",
    "Indicator",
    "Land",
    "Member",
    "Merger",
    "MergerFile",
    "Operand",
    "Part",
    "Service",
    "Source",
    "StandardRow",
    "Status",
    "Successor",
    "Table",
    "Tolerance",
    "age_codes",
    "load",
]
