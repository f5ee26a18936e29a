"""Business papers: purchase orders, announced deliveries, receipts."""
