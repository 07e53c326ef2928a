"""Reads a json-stat2 dataset, dense or sparse, into arrays in the order of `category.index`."""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import Problem


class JsonStatError(ValueError):
    """The file is not a json-stat2 dataset that can be read; `problem` says why."""

    def __init__(self, found: str, allowed: str = "") -> None:
        self.problem = Problem(found=found, allowed=allowed)
        super().__init__(found)


def read(dataset: Mapping[str, Any]) -> pd.DataFrame:
    """One row per cell: a column per dimension (codes), `value` (float, NaN = hole), `symbol` (or "").

    Cells come in row-major order of `id`; a sparse dataset gives only the cells it names. `symbol` is
    SSB's status sign, which can also stand on a cell that has a value.
    """
    try:
        names, sizes = list(dataset["id"]), list(dataset["size"])
        codes = [_codes(dataset["dimension"][name]["category"]) for name in names]
        values = dataset["value"]
    except (KeyError, TypeError) as error:
        raise JsonStatError(f"mangler {error}.", "json-stat2 med id, size, dimension og value") from error
    if [len(part) for part in codes] != sizes:
        raise JsonStatError(f"size er {sizes}, men dimensjonene har {[len(part) for part in codes]} koder.")
    cells, numbers = _cells(values, prod(sizes))
    positions = np.unravel_index(cells, sizes) if len(cells) else [np.array([], dtype=int)] * len(sizes)
    frame = pd.DataFrame({name: part[at] for name, part, at in zip(names, codes, positions, strict=True)})
    frame["value"] = numbers
    frame["symbol"] = _symbols(dataset.get("status") or {}, cells)
    return frame


def _codes(category: Mapping[str, Any]) -> np.ndarray:
    index = category.get("index", category.get("label"))
    ordered = list(index) if isinstance(index, list) else sorted(index, key=lambda code: index[code])
    if not isinstance(index, list) and "index" not in category:
        ordered = list(index)  # a single category may leave the index out
    return np.array(ordered, dtype=object)


def _cells(values: Any, count: int) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(values, Mapping):
        cells = np.array(sorted(int(key) for key in values), dtype=np.int64)
        numbers = [values[str(cell)] for cell in cells]
    else:
        cells, numbers = np.arange(len(values)), values
        if len(values) != count:
            raise JsonStatError(f"har {len(values)} verdier, men dimensjonene gir {count}.")
    if len(cells) and not 0 <= cells[0] <= cells[-1] < count:
        raise JsonStatError(f"viser til celle {cells[-1]}, men dimensjonene gir {count}.")
    try:
        return cells, np.array(numbers, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise JsonStatError(f"har en verdi som ikke er et tall ({error}).", "tall eller null") from error


def _symbols(status: Any, cells: np.ndarray) -> np.ndarray:
    symbols = np.full(len(cells), "", dtype=object)
    if isinstance(status, list):
        status = {str(at): sign for at, sign in enumerate(status) if sign}
    if isinstance(status, str):
        status = {str(cell): status for cell in cells}
    where = {int(cell): at for at, cell in enumerate(cells)} if status else {}
    for key, sign in status.items():
        if int(key) in where:
            symbols[where[int(key)]] = sign
    return symbols
