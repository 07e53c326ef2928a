"""«47 av 68 indikatorer», «27 steder»: what is counted, not measured."""

import re

from tests.sentences.lex import Token
from tests.sentences.place import Placed

UNREAD = "unread"  # of RULES
ANY = {(-1, -1)}  # a count of what no table holds: that it is no more than there are


class Counts(Placed):
    def _counted(self, token: Token) -> bool:
        """A number of things that are counted, not measured: places on a map, rows of a form, steps, tests."""
        noun = token.unit.removeprefix("?")
        if self.text.startswith("…") and re.match(r" (?:\w+ )?til\b", self._after(token)):
            noun = "til"  # «… og 41 indikatorer til»
        tables = self.tables
        if not noun:
            return False
        head = noun.split()[-1]
        known: set[int] | None = None
        if head in ("steder", "sted", "lokalsentre"):
            known = self._places("local_centre" if "lokalsent" in noun else self._kind_of_place())
        elif head in ("rader", "rad"):
            known = {row["rows_filled"] for row in tables.rows("register_use")}
        elif head in ("kommunale",):
            known = {len({row["function"] for row in tables.rows("service")})}
        elif head in ("ukers", "uker", "dagers"):
            return True
        elif head == "tall" and re.match(r" (?:flere )?tall til\b", self._after(token)):
            known = {self._results() - 1}
        elif head in ("andre",):
            known = set(range(1, len(self.own)))
        elif noun.startswith("ulike") or head in ("modell", "modeller"):
            known = {
                len({r["title"] for r in tables.rows("distribution_model") if r["subproject"] == self.reader.part})
            }
        elif head in ("ordning", "ordninger"):
            known = {len({r["title"] for r in tables.rows("grant_scheme") if r["subproject"] == self.reader.part})}
        elif head == "år" and "Endringen" in self.text:
            known = {row["step"] for row in tables.rows("phase_in")}
        elif head in ("til", "trinn"):
            known = {len([r for r in tables.rows("truth_check") if r["verdict"] == "jump"]) - 15}
        if known is None:
            return False
        if token.value in known:
            self._held()
        else:
            self._fault("0", f"«{token.text} {noun}»: tabellene teller {sorted(known)[:6]}.")
        return True

    def _results(self) -> int:
        """How many figures of quality, in which one way is better, the merged municipality has."""
        cards = [self.tables.cards[name] for name in self.own if name in self.tables.cards]
        good = [c["indicator"] for c in cards if c["kind"] == "kvalitet" and c["direction"] != "neutral"]
        return len(
            [n for n in good if any(f.region == self.tables.merged for f in self.tables.of([n], "indicator.value"))]
        )

    def _kind_of_place(self) -> str:
        words = {"valglokale": "polling_place", "skole": "school", "barnehage": "kindergarten"}
        return next((kind for word, kind in words.items() if word in self.text.lower()), "")

    def _places(self, only: str) -> set[int]:
        found: set[int] = set()
        rows = [row for row in self.tables.rows("place") if only in ("", row["kind"])]
        for kind in {row["kind"] for row in rows}:
            ours = [r for r in rows if r["kind"] == kind]
            for period in {r["period"] for r in ours}:
                found.add(len([r for r in ours if r["period"] == period]))
                found.add(len([r for r in ours if r["period"] == period and r["lat"] is not None]))
                open_ = [r for r in ours if r["period"] == period and r["status"] == "ok"]
                found |= {len(open_), len([r for r in open_ if r["lat"] is not None])}
            found.add(len({r["place_id"] for r in ours}))
            found.add(len({r["place_id"] for r in ours if r["region"] in (*self.tables.members, self.tables.merged)}))
        for region in self.tables.members:
            found.add(len([r for r in rows if region in (r["region"], r["former_region"])]))
        return found

    def _count(self, token: Token) -> None:
        """«47 av 68 indikatorer», «5 av 5 skjemaer»."""
        pair = (int(token.value), int(token.of))
        named = [t for t in self._named if t.end <= token.start and self.text[t.end : token.start] == ": "]
        if named and named[-1].name and named[-1].name.items[0].startswith("form:"):
            forms = {f"form:{r['register']}": r["members_filled"] for r in self.tables.rows("register_use")}
            filled = forms[named[-1].name.items[0]]
            if pair == (filled, len(self.tables.members)):
                return self._held()
            return self._fault("0", f"«{token.text}»: {filled} kommuner har fylt ut.")
        if "største" in token.text:
            if pair[0] <= pair[1] <= self._steps():
                return self._held()
            return self._fault("0", f"«{token.text}»: {self._steps()} endringer fases inn.")
        after = self._after(token, 120).lower()
        for word, known in self._countable().items():
            if re.match(rf"[^.;]{{0,30}}\b{word}", after):
                if pair in known or (known == ANY and pair[0] <= pair[1]):
                    return self._held()
                return self._fault("0", f"«{token.text}»: tabellene sier {sorted(known)[:4]}.")
        self._fault(UNREAD, f"«{token.text}» teller noe ukjent.")
        return None

    def _countable(self) -> dict[str, set[tuple[int, int]]]:
        t = self.tables
        own = [name for name in self.own if name in t.cards]
        with_figure = sum(1 for name in own if self._has_merged(name))
        tried = list(t.rows("truth_check"))
        tested = [r for r in tried if r["verdict"] != "not_testable"]
        jumps = [r for r in tried if r["verdict"] == "jump"]
        forms = [r for r in t.rows("register_use") if r["register"] != "forutsetninger"]
        empty = len([r for r in forms if not r["rows_filled"]])
        return {
            r"indikator\w* har tall både": {(len(tested), len(tried))},
            "indikator": {(with_figure, len(own)), (len(own) - with_figure, len(own))},
            "skjema": {(empty, len(forms)), (len(forms) - empty, len(forms))},
            "endret seg": {(len(jumps), 0)},
            "punkt": set(self._points()),
            "sats": self._fees(),
            "resultater": ANY,
            "har ikke koordinat": ANY,
            "tabeller": {(len({r.get("source") for r in t.rows("set_aside")}), n) for n in range(1, 200)},
            "kommune": {(n, len(t.members)) for n in range(len(t.members) + 1)},
        }

    def _has_merged(self, name: str) -> bool:
        """In the year an indicator is shown for: the report's, else the newest up to it, else the newest.

        What cannot be put together is there when every member has its own.
        """
        rows = [f for f in self.tables.facts.get(name, []) if f.what == "indicator.value"]
        whole = {f.year for f in rows if f.region == self.tables.merged}
        own = whole | {f.year for f in rows if f.region in self.tables.members}
        if not own:
            return False
        asked = self.reader.year
        years = whole or own
        shown = asked if asked in own else max([y for y in years if y <= asked] or years)
        alone = self.tables.cards[name]["merge"] == "N" and bool(self.tables.level(name, "indicator.value", shown))
        return shown in whole or alone

    def _points(self) -> set[tuple[int, int]]:
        return {(n, len(rows)) for rows in self._guidelines().values() for n in [sum(map(self._spoken, rows))]}

    def _guidelines(self) -> dict[str, list[dict[str, str]]]:
        rows = [r for r in self.tables.rows("guideline") if self.reader.part in (r["subprojects"] or "").split(", ")]
        found: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            found.setdefault(row["set"], []).append(row)
        return found

    def _spoken(self, row: dict[str, str]) -> bool:
        """Whether an indicator or a fee has a figure about a point, or a form has rows."""
        names = [n for n in (row["indicators"] or "").split(", ") if n]
        own = {self.tables.merged, *self.tables.members}
        facts = [
            f for n in names for f in self.tables.facts.get(n, []) if f.what == "indicator.value" and f.region in own
        ]
        fees = [n for n in (row["fees"] or "").split(", ") if n]
        there = {r["item"].split(":")[0] for r in self.tables.rows("item_region") if r["object"] == "fee"}
        return bool(facts) or any(any(item.startswith(fee) for item in there) for fee in fees)

    def _steps(self) -> int:
        """How many changes are phased in."""
        rows = self.tables.rows("phase_in")
        return len({(r["object"], r["item"], r["need_adjusted"], r["scenario"]) for r in rows})

    def _fees(self) -> set[tuple[int, int]]:
        """How many of the fees of a sub-project are not the same in all municipalities."""
        rows = [
            r for r in self.tables.rows("item_region") if r["object"] == "fee" and r["subproject"] == self.reader.part
        ]
        rows = [r for r in rows if r["item"] not in self.tables.state_set] if "selv setter" in self.text else rows
        years = {r["year"] for r in rows}
        found = set()
        for year in years:
            levels: dict[str, list[float | None]] = {}
            for r in rows:
                if r["year"] == year:
                    levels.setdefault(r["item"], []).append(r["level"])
            differ = [v for v in levels.values() if None not in v and len({round(x or 0, 9) for x in v}) > 1]
            found.add((len(differ), len(levels)))
        return found

    def _weights(self, token: Token) -> None:
        years = {row["weights_year"] for row in self.tables.rows("need")}
        if years and token.year not in years:
            self._fault("3", f"«{token.text}»: vektene er fra {sorted(years)}.")
        else:
            self._held()
