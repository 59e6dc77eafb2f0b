"""The judge of letters: a mail server that others wrote takes them, and Python's own reader opens them.

letters.py samples        the judge accepts its good sample and refuses its broken ones
letters.py COMMAND …      runs the command with the server's address behind it, and judges what it handed over
"""

import socket
import subprocess
import sys
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from judges import Refused, demand

LONGEST = 998  # RFC 5322, 2.1.1


class Mailbox:
    """Keeps what comes, with the envelope it came in."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server, _session, envelope):
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"


def judge(sender, readers, content):
    """One letter to one reader, that any mail program shows: plain text, and a document that is whole."""
    demand(len(readers) == 1, "a letter goes to more than one reader")
    head = content.split(b"\r\n\r\n", 1)[0]
    demand(head.isascii(), "its head is not ASCII")
    for line in content.split(b"\r\n"):
        demand(len(line) <= LONGEST, "a line is too long")
        demand(b"\n" not in line and b"\r" not in line, "a line ends alone")
    letter = message_from_bytes(content, policy=policy.default)
    demand(not letter.defects, f"its parts do not hold: {letter.defects}")
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        demand(letter[name], f"it has no {name}")
        demand(len(letter.get_all(name)) == 1, f"it has two {name}")
        demand(not letter[name].defects, f"{name}: {letter[name].defects}")
    demand([address.addr_spec for address in letter["To"].addresses] == readers, "the envelope goes elsewhere")
    demand(letter["From"].addresses[0].addr_spec == sender, "the envelope comes from elsewhere")
    demand(not letter["Bcc"] and not letter["Cc"], "somebody else is written to")
    text = letter.get_body(("plain",))
    demand(text is not None and text.get_content().strip(), "it says nothing")
    (document,) = letter.iter_attachments()
    demand(document.get_content_type() == "application/pdf" and document.get_filename(), "its document has no name or kind")
    demand(document.get_content().startswith(b"%PDF-"), "its document is not whole")
    return letter


GOOD = (
    b"From: Tiwizi <tiwizi@example.org>\r\nTo: a@example.org\r\nSubject: =?utf-8?q?Fiche_n=C2=B0_1?=\r\n"
    b"Date: Thu, 01 Oct 2026 08:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour\r\n'
    b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="r.pdf"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc=\r\n--b--\r\n"
)
BROKEN = {
    "no Message-ID": GOOD.replace(b"Message-ID: <1@example.org>\r\n", b""),
    "a head beyond ASCII": GOOD.replace(b"=?utf-8?q?Fiche_n=C2=B0_1?=", "Fiche n° 1".encode()),
    "somebody else": GOOD.replace(b"Subject:", b"Bcc: b@example.org\r\nSubject:"),
    "another reader": GOOD.replace(b"To: a@", b"To: c@"),
    "a document cut off": GOOD.replace(b"JVBERi0xLjc=", b"UERGLTEuNw=="),
    "parts that never end": GOOD.replace(b"--b--\r\n", b""),
}


def samples():
    judge("tiwizi@example.org", ["a@example.org"], GOOD)
    for name, content in BROKEN.items():
        try:
            judge("tiwizi@example.org", ["a@example.org"], content)
        except Refused:
            continue
        raise SystemExit(f"the judge of letters accepts its broken sample: {name}")
    print(f"letters: 1 good sample accepted, {len(BROKEN)} broken ones refused")


def main(command):
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        subprocess.run([*command, f"smtp://127.0.0.1:{port}"], check=True)
    finally:
        server.stop()
    demand(len(mailbox.letters) == 2, f"{len(mailbox.letters)} letters came")
    told = [judge(*letter) for letter in mailbox.letters]
    french, arabic = (letter["Subject"] for letter in told)
    demand("l’équipe" in french, f"the subject came as {french}")
    demand(arabic.startswith("البطاقة الشهرية"), f"the subject came as {arabic}")
    text = told[1].get_body(("plain",)).get_content()
    demand("\n.\n" in text.replace("\r\n", "\n"), "a line of one dot was lost")
    demand(next(told[1].iter_attachments()).get_filename() == "تقرير.pdf", "the name of the document was lost")
    print("letters: 2 taken by a mail server and read")


if __name__ == "__main__":
    try:
        samples() if sys.argv[1:] == ["samples"] else main(sys.argv[1:])
    except Refused as refusal:
        raise SystemExit(f"letters: refused, {refusal}")
