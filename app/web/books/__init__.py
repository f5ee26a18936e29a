"""The books: journal, balances, costs, bills, rates and months, each number leading on."""
