"""The application object for any WSGI server."""

from app.config import from_environment
from app.factory import create_app

app = create_app(from_environment())
