"""Letters to people outside: kept with the commit, sent once by the mail server there is."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from uuid import NAMESPACE_URL, uuid5

from app.kernel import outbox
from app.kernel.errors import N_, Refusal
from app.kernel.outbox import Parcel

CHANNEL = "mail"
Deliver = Callable[[EmailMessage], None]
_delivery: list[Deliver] = []


class NoMailServer(Refusal):
    """Nobody said which server sends mail; the letter waits in the outbox."""

    code = "no_mail_server"
    message = N_("No mail server is set up, so nothing was sent to {address}.")


def post(address: str, *, subject: str, text: str, key: str) -> None:
    """Keep a letter; it leaves after the commit, once for each key."""
    outbox.post(CHANNEL, {"to": address, "subject": subject, "text": text}, key=key)


def deliver_by(deliver: Deliver | None) -> None:
    """Send letters with `deliver` from now on; None: nobody does."""
    _delivery[:] = [deliver] if deliver else []


def smtp(host: str, *, port: int, sender: str) -> Deliver:
    """Delivery by a mail server that asks for no password."""

    def deliver(letter: EmailMessage) -> None:
        letter["From"] = sender
        with smtplib.SMTP(host, port, timeout=20) as server:
            server.send_message(letter)

    return deliver


@outbox.channel(CHANNEL)
def _send(kept: Parcel) -> None:
    payload = dict(kept.payload) if isinstance(kept.payload, dict) else {}
    if not _delivery:
        raise NoMailServer(address=payload["to"])
    letter = EmailMessage()
    letter["To"], letter["Subject"] = payload["to"], payload["subject"]
    letter["Message-ID"] = f"<{uuid5(NAMESPACE_URL, kept.key)}@houtai>"
    letter.set_content(payload["text"])
    _delivery[0](letter)
