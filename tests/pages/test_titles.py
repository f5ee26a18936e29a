"""Accounts and roles by the names that people of the trade give them."""

import pytest
from flask import Flask

from app.domain.finance import accounts
from app.identity import roles


@pytest.mark.parametrize(
    ("account", "title"), [("cost_of_sales", "主营业务成本"), ("purchase_variance", "采购差异")]
)
def test_accounts_are_called_as_on_the_mainland(app: Flask, account: str, title: str) -> None:
    with app.app_context():
        titles = {one.name: one.titles["zh_Hans"] for one in accounts.every()}
        assert titles[account] == title


def test_planners_are_called_alike_in_lanes_and_lists(app: Flask) -> None:
    with app.app_context():
        assert roles.titles("zh_Hant")["planner"] == "計畫人員"
