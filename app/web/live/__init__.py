"""What changed while a page is open: server-sent events without a thread for each of them."""
