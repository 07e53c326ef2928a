"""Reads a json-stat2 dataset, dense or sparse, into columns in the order of `category.index`.

Codes become pandas Categoricals: one small integer a cell instead of a text, so that the largest
answer SSB gives (800 000 cells) costs little more than parsing its bytes.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import Problem

LARGEST = 1e15  # a figure above it is none: the country's accounts in kroner are a thousandth of that


class JsonStatError(ValueError):
    """The file is not a json-stat2 dataset that can be read; `problem` says why."""

    def __init__(self, found: str, allowed: str = "") -> None:
        self.problem = Problem(found=found, allowed=allowed)
        super().__init__(found)


def read(dataset: Mapping[str, Any]) -> pd.DataFrame:
    """One row per cell: a categorical column per dimension (codes), `value` (float, NaN = hole), `symbol`.

    Cells come in row-major order of `id`; a sparse dataset gives only the cells that it names, by value
    or by status. `symbol` is SSB's status sign ("" if none), which can also stand on a cell that has a value.
    """
    codes = dimension_codes(dataset)
    sizes = [len(part) for part in codes.values()]
    cells, values = _values(dataset["value"], dataset.get("status") or {}, prod(sizes))
    columns: dict[str, Any] = {}
    inner = prod(sizes)
    for name, part in codes.items():
        inner //= max(len(part), 1)
        columns[name] = _categorical(part, cells, inner, prod(sizes))
    columns["value"] = values
    columns["symbol"] = _symbols(dataset.get("status") or {}, cells, prod(sizes))
    return pd.DataFrame(columns, copy=False)


def dimension_codes(dataset: Mapping[str, Any]) -> dict[str, list[str]]:
    """The codes of every dimension in `id`, in the order of `category.index`, checked against `size`."""
    try:
        names, sizes = list(dataset["id"]), list(dataset["size"])
        codes = {name: _codes(dataset["dimension"][name]["category"]) for name in names}
        dataset["value"]
    except (KeyError, TypeError, AttributeError) as error:
        raise JsonStatError(f"mangler {error}.", "json-stat2 med id, size, dimension og value") from error
    for name, part in codes.items():
        if not all(isinstance(code, str) for code in part) or len(set(part)) < len(part):
            raise JsonStatError(f"har koder for {name} som ikke er ulike tekster.", "hver kode én gang, som tekst")
    if [len(part) for part in codes.values()] != sizes:
        raise JsonStatError(f"size er {sizes}, men dimensjonene har {[len(part) for part in codes.values()]} koder.")
    return codes


def _codes(category: Mapping[str, Any]) -> list[str]:
    index = category.get("index")
    if index is None:  # a dimension with one category may leave the index out
        return list(category["label"])
    return list(index) if isinstance(index, list) else sorted(index, key=lambda code: index[code])


def _categorical(codes: list[str], cells: np.ndarray | None, inner: int, count: int) -> Any:
    """A dimension's code at each cell, as a Categorical; `inner` cells share one position of it."""
    kind: Any = np.int8 if len(codes) < 2**7 else np.int16 if len(codes) < 2**15 else np.int32
    if cells is not None:
        at = (cells // inner % max(len(codes), 1)).astype(kind)
    else:
        at = np.tile(np.repeat(np.arange(len(codes), dtype=kind), inner), count // max(inner * len(codes), 1))
    return pd.Categorical.from_codes(at, categories=pd.Index(codes, dtype=str), validate=False)


def _values(values: Any, status: Any, count: int) -> tuple[np.ndarray | None, np.ndarray]:
    """The cells there are (None: all of them, in order) and their values."""
    try:
        if not isinstance(values, Mapping):
            if len(values) != count:
                raise JsonStatError(f"har {len(values)} verdier, men dimensjonene gir {count}.")
            return None, _numbers(values)
        named = status if isinstance(status, Mapping) else {}
        cells = np.array(sorted({int(key) for key in values} | {int(key) for key in named}), dtype=np.int64)
        if len(cells) and not 0 <= cells[0] <= cells[-1] < count:
            raise JsonStatError(f"viser til celle {cells[-1]}, men dimensjonene gir {count}.")
        return cells, _numbers([values.get(str(cell)) for cell in cells.tolist()])
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, JsonStatError):
            raise
        raise JsonStatError(f"har en verdi som ikke er et tall ({error}).", "tall eller null") from error


def _numbers(values: Sequence[Any]) -> np.ndarray:
    """Numbers and null as floats. numpy would take true for 1 and the text "12" for 12; SSB writes neither."""
    others = set(map(type, values)) - {int, float, type(None)}
    if others:
        raise TypeError(", ".join(sorted(kind.__name__ for kind in others)))
    numbers = np.array(values, dtype=np.float64)
    if (np.abs(numbers) > LARGEST).any():
        raise ValueError(f"{np.nanmax(np.abs(numbers)):g} er større enn noe det telles i")
    return numbers


def _symbols(status: Any, cells: np.ndarray | None, count: int) -> Any:
    """SSB's signs by cell, as a Categorical. json-stat lets `status` be a dictionary, a list, or one sign for all."""
    if isinstance(status, str):
        status = dict.fromkeys(range(count), status)
    elif isinstance(status, Sequence):
        status = {at: sign for at, sign in enumerate(status) if sign}
    try:
        places = np.fromiter(map(int, status), dtype=np.int64, count=len(status))
        others = {type(sign).__name__ for sign in status.values() if sign is not None and not isinstance(sign, str)}
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise JsonStatError(f"har status som ikke kan leses ({error}).", "tegn etter celle") from error
    if others:
        raise JsonStatError(f"har status som ikke er tekst ({', '.join(sorted(others))}).", "tegn etter celle")
    if len(places) and not 0 <= places.min() <= places.max() < count:
        outside = places[(places < 0) | (places >= count)][0]
        raise JsonStatError(f"har status for celle {outside}, men dimensjonene gir {count}.")
    numbers, signs = pd.factorize(np.array([sign or "" for sign in status.values()], dtype=object))
    at = np.full(count, 0, dtype=np.int16)
    categories = ["", *(sign for sign in signs if sign)]
    number = np.array([categories.index(sign) for sign in signs], dtype=np.int16)
    at[places] = number[numbers] if len(places) else 0
    return pd.Categorical.from_codes(
        at if cells is None else at[cells], categories=pd.Index(categories, dtype=str), validate=False
    )
