"""A deal under way: what its steps have to know of each other."""

from dataclasses import dataclass, field
from datetime import datetime

from app.demo.acting import Stage
from app.demo.deals import Deal

SELLERS = {"BOREA": "yeh", "HONGSHENG": "chou"}


@dataclass
class Course:
    """A deal under way: its case, its order, and what was accepted of each row."""

    stage: Stage
    deal: Deal
    case: int = 0
    po_no: str = ""
    accepted: list[int] = field(default_factory=list)

    def on(self, day: int, hour: int) -> datetime:
        """An instant so many days after the order."""
        return self.stage.at(days_ago=self.deal.days_ago - day, clock_time=self.deal.minute(hour))

    @property
    def keeper(self) -> str:
        """Who counts it."""
        return ("chang", "ho")[self.deal.number % 2]
