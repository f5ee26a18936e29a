"""Analyst text, run outside the server: scripts, conditions, decision cells, timer expressions."""

from app.workflow.spiff.sandbox.install import install

install()
