"""Letters to people outside: kept with the commit, sent once by the mail server there is."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from uuid import NAMESPACE_URL, uuid5

from app.kernel import outbox
from app.kernel.outbox import Parcel

CHANNEL = "mail"
Deliver = Callable[[EmailMessage], None]


def post(address: str, *, subject: str, text: str, key: str) -> None:
    """Keep a letter; it leaves after the commit, once for each key."""
    outbox.post(CHANNEL, {"to": address, "subject": subject, "text": text}, key=key)


def deliver_by(server: Deliver) -> None:
    """Send letters with `server` from now on; until then they wait in the outbox."""

    def send(kept: Parcel) -> None:
        server(_letter(kept))

    outbox.channel(CHANNEL)(send)


def smtp(host: str, *, port: int, sender: str) -> Deliver:
    """Delivery by a mail server that asks for no password."""

    def deliver(letter: EmailMessage) -> None:
        letter["From"] = sender
        with smtplib.SMTP(host, port, timeout=20) as server:
            server.send_message(letter)

    return deliver


def _letter(kept: Parcel) -> EmailMessage:
    """The letter under an address of its own, so that a second copy is known as one."""
    payload = dict(kept.payload) if isinstance(kept.payload, dict) else {}
    letter = EmailMessage()
    letter["To"], letter["Subject"] = payload["to"], payload["subject"]
    letter["Message-ID"] = f"<{uuid5(NAMESPACE_URL, kept.key)}@houtai>"
    letter.set_content(payload["text"])
    return letter
