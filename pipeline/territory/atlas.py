"""The one door in: built once from rows, answers for any land, merger and year."""

from collections.abc import Sequence
from datetime import date

from pipeline.territory.merger import Merger, read_merger
from pipeline.territory.survey import Survey


class Atlas(Survey):
    """Municipalities, the land they are made of, and mergers. See `Survey` for what it is built from."""

    def merger(self, members: Sequence[str], when: date, whole: Sequence[str] = ()) -> Merger:
        """Members are codes of the day before `when`, or of the newest state where that lies in the future.

        `whole`: members that KLASS says were divided that day, counted whole in the years before by the user's word.
        Raises KunnskapError on codes and dates that do not hold; what KLASS says of others is in the answer.
        """
        return read_merger(self, members, when, whole)
