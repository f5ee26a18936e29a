"""What to buy: demand history, the simple rule, and plans with every figure they rest on."""
