"""From five lines to a merger: names, codes year by year, successor, counties, KOSTRA groups, whom to compare with.

klass.py     what KLASS says in a set: the atlas of municipalities, and KOSTRA groups year by year
derive.py    a merger's file and KLASS make a Merger
land.py      members, merged municipality and peers as codes, year by year
compare.py   the comparators: country, KOSTRA groups, counties, peers
pulled.py    who a pull is for, and peers chosen by size
"""

from pipeline.mergers.derive import derive
from pipeline.mergers.klass import Klass, read_klass

__all__ = ["Klass", "derive", "read_klass"]
