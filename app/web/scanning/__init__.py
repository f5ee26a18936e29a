"""Codes that are photographed instead of scanned."""
