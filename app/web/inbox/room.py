"""The door of the inbox."""

from flask import Blueprint

rooms = Blueprint("inbox", __name__)
