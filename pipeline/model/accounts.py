"""What is read of the detailed accounts, function by function."""

from collections.abc import Iterator, Mapping

from pipeline.model.block import Block
from pipeline.model.sources import Source


class Measure(Block):
    """An art of the accounts, in 1000 kr. `counts_trade`: municipalities' purchases of each other are part of it."""

    art: str
    counts_trade: bool = False
    purchases: bool = False


class Share(Block):
    """One measure in per cent of another."""

    part: str
    whole: str


class Accounts(Block):
    source: str
    scope: str
    contents: str
    measure: dict[str, Measure]
    share: dict[str, Share]

    @property
    def names(self) -> list[str]:
        """Everything that is told of the accounts: measures and shares."""
        return [*self.measure, *self.share]

    def faults(self, sources: Mapping[str, Source]) -> Iterator[str]:
        """What it names that is not there."""
        source = sources.get(self.source)
        if source is None:
            yield f"kilden «{self.source}» finnes ikke."
        elif self.contents not in source.contents:
            yield f"«{self.contents}» står ikke i contents i {self.source}."
        known = {code for codes in source.labels.values() for code in codes} if source else set()
        for name, measure in self.measure.items():
            if source and measure.art not in known:
                yield f"{name}: arten {measure.art} står ikke i labels i {self.source}."
        for name, share in self.share.items():
            yield from (
                f"{name}: målet «{of}» finnes ikke." for of in (share.part, share.whole) if of not in self.measure
            )
