"""Ways in which one table can be off: in what SSB says and answers, and in the answer itself.

A way in an answer changes the json-stat dataset (or its bytes) of a table that came whole. A way at the server is one
of its faults, on that table alone. `quiet` ways leave a hole or nothing at all: there is no fault to tell.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Dataset = dict[str, Any]
Dice = random.Random


@dataclass(frozen=True)
class Way:
    """`answer` breaks the answer that is kept; `fault` is what the server is asked to do, by the table's metadata."""

    name: str
    answer: Callable[[Dataset, Dice], Dataset | bytes] | None = None
    fault: Callable[[Dataset], tuple[str, dict[str, Any]]] | None = None
    quiet: bool = False


def _some(dataset: Dataset, dice: Dice) -> int:
    """A cell that has a value."""
    return dice.choice([at for at, value in enumerate(dataset["value"]) if value is not None])


def _value(value: object) -> Callable[[Dataset, Dice], Dataset]:
    def change(dataset: Dataset, dice: Dice) -> Dataset:
        dataset["value"][_some(dataset, dice)] = value
        return dataset

    return change


def _more_decimals(dataset: Dataset, dice: Dice) -> Dataset:
    at = _some(dataset, dice)
    dataset["value"][at] += 0.123456
    return dataset


def _sign(sign: str) -> Callable[[Dataset, Dice], Dataset]:
    """A sign beside a cell that has a value other than 0."""

    def change(dataset: Dataset, dice: Dice) -> Dataset:
        chosen = dice.choice([at for at, value in enumerate(dataset["value"]) if value])
        dataset["status"] = {**(dataset.get("status") or {}), str(chosen): sign}
        return dataset

    return change


def _unknown_sign(dataset: Dataset, dice: Dice) -> Dataset:
    chosen = _some(dataset, dice)
    dataset["value"][chosen] = None
    dataset["status"] = {**(dataset.get("status") or {}), str(chosen): "?!"}
    return dataset


def _category(dataset: Dataset, dimension: str) -> Dataset:
    category: Dataset = dataset["dimension"][dimension]["category"]
    return category


def _region(dataset: Dataset) -> str:
    return next(name for name in dataset["id"] if "region" in name.lower())


def _recoded(dimension: Callable[[Dataset], str], code: str) -> Callable[[Dataset, Dice], Dataset]:
    """The last code of a dimension is another one."""

    def change(dataset: Dataset, dice: Dice) -> Dataset:
        index = _category(dataset, dimension(dataset))["index"]
        last = max(index, key=index.__getitem__)
        index[code] = index.pop(last)
        return dataset

    return change


def _time(dataset: Dataset) -> str:
    return "Tid"


def _renamed_dimension(dataset: Dataset, dice: Dice) -> Dataset:
    name = _region(dataset)
    dataset["id"][dataset["id"].index(name)] = "Noe annet"
    dataset["dimension"]["Noe annet"] = dataset["dimension"].pop(name)
    return dataset


def _two_codes_of_a_new_dimension(dataset: Dataset, dice: Dice) -> Dataset:
    dataset["id"].insert(0, "Ny")
    dataset["size"].insert(0, 2)
    dataset["dimension"]["Ny"] = {"label": "ny", "category": {"index": {"1": 0, "2": 1}, "label": {"1": "a", "2": "b"}}}
    dataset["value"] = dataset["value"] * 2
    return dataset


def _size(dataset: Dataset, dice: Dice) -> Dataset:
    dataset["size"][-1] += 1
    return dataset


def _without(key: str) -> Callable[[Dataset, Dice], Dataset]:
    def change(dataset: Dataset, dice: Dice) -> Dataset:
        del dataset[key]
        return dataset

    return change


def _short(dataset: Dataset, dice: Dice) -> Dataset:
    dataset["value"].pop()
    return dataset


def _long(dataset: Dataset, dice: Dice) -> Dataset:
    dataset["value"].append(1)
    return dataset


def _nothing(dataset: Dataset, dice: Dice) -> Dataset:
    dataset["value"] = [None] * len(dataset["value"])
    return dataset


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Dataset, Dice], bytes]:
    return lambda dataset, dice: change(json.dumps(dataset).encode())


def _contents(metadata: Dataset) -> str:
    return next(iter(_category(metadata, "ContentsCode")["index"]))


def _member(metadata: Dataset) -> str:
    codes = _category(metadata, _region(metadata))["index"]
    return next(code for code in ("0602", "3005", "3301", *codes) if code in codes)


def _first_year(metadata: Dataset) -> str:
    return min(_category(metadata, "Tid")["index"])


def _fault(name: str, **options: Any) -> Callable[[Dataset], tuple[str, dict[str, Any]]]:
    """A fault whose options may be looked up in the table's metadata."""
    return lambda metadata: (name, {k: v(metadata) if callable(v) else v for k, v in options.items()})


WAYS = [
    Way("a text for a number", _value("mange")),
    Way("true for a number", _value(True)),
    Way("a list for a number", _value([1])),
    Way("a number beyond all numbers", _value(1e30)),
    Way("more decimals than SSB gives", _more_decimals),
    Way("a value beside «..»", _sign("..")),
    Way("a value beside «:»", _sign(":")),
    Way("a value beside «-»", _sign("-")),
    Way("a sign nobody knows", _unknown_sign),
    Way("a municipality nobody knows", _recoded(_region, "9998")),
    Way("a year before all years", _recoded(_time, "1815")),
    Way("a year that is no year", _recoded(_time, "i fjor")),
    Way("contents nobody asked for", _recoded(lambda _: "ContentsCode", "KOSannet0000")),
    Way("a dimension by another name", _renamed_dimension),
    Way("a dimension in two", _two_codes_of_a_new_dimension),
    Way("a size that is not the codes'", _size),
    Way("a value too few", _short),
    Way("a value too many", _long),
    Way("no values", _without("value")),
    Way("no dimensions", _without("dimension")),
    Way("cut in the middle", _bytes(lambda text: text[: len(text) // 2])),
    Way("an empty file", _bytes(lambda text: b"")),
    Way("a web page", _bytes(lambda text: b"<html><body>Vedlikehold</body></html>")),
    Way("a list", _bytes(lambda text: b"[" + text + b"]")),
    Way("empty", _nothing, quiet=True),
    Way("SSB has it no more", fault=_fault("table_gone")),
    Way("closed after its first year", fault=_fault("closed", last=_first_year), quiet=True),
    Way("a dimension nobody knew",
        fault=_fault("dimension_added", dimension="KOKny0000", elimination=False, total=False)),
    Way("a dimension with a total", fault=_fault("dimension_added", dimension="KOKny0000"), quiet=True),
    Way("a code that is gone", fault=_fault("code_gone", dimension="ContentsCode", code=_contents)),
    Way("a municipality that is gone", fault=_fault("code_gone", dimension=_region, code=_member), quiet=True),
    Way("another unit", fault=_fault("unit_changed", code=_contents, base="prosent"), quiet=True),
    Way("a code that means something else",
        fault=_fault("renamed_label", dimension="ContentsCode", code=_contents, to="Vei")),
    Way("other codes than asked for", fault=_fault("wrong_codes")),
    Way("values that are missing", fault=_fault("short_values")),
    Way("no contents", fault=_fault("synthesised_contents")),
    Way("every question refused", fault=_fault("errors_shape")),
]  # fmt: skip
