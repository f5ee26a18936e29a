"""What the purchase plan promises, without a page and mostly without a process."""
