"""Houtai: the back office of an e-commerce and O2O company, run by its processes."""
