"""Inside the kernel of a run: nothing is left of the notebook before. A person's own notebook never comes here."""

import gc
from typing import Any

_start: set[str] = set()  # names the kernel itself keeps among the user's


def fresh(names: dict[str, Any]) -> None:
    """Forget what the notebook before has made; `names` are the kernel's user namespace.

    Figures are full of circles, and looking for them again and again while the next one is drawn costs more than a
    tenth of the time: what a notebook leaves is collected here, once, and what was imported is never looked through.
    """
    if not _start:
        _start.update(names)
        gc.disable()
    for name in [name for name in names if name not in _start]:
        del names[name]
    gc.collect()
    gc.freeze()
