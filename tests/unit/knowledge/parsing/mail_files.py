"""Makes e-mails, also as Outlook saves them: compound files [MS-CFB] with properties in each storage [MS-OXMSG]."""

import struct
from email.message import EmailMessage

_SECTOR, _SMALL = 512, 64
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Storage = dict[str, "bytes | Storage"]


def letter(subject: str, text: str = "Guten Tag, hier kommt der Bericht über das Jahr.") -> EmailMessage:
    """An e-mail without attachments."""
    message = EmailMessage()
    message["From"] = "Jörg Öztürk <joerg@example.org>"
    message["To"] = "team@example.org"
    message["Date"] = "Mon, 02 Mar 2026 09:30:00 +0100"
    message["Subject"] = subject
    message.set_content(text)
    return message


def nested(depth: int) -> bytes:
    """An e-mail in an e-mail in an e-mail ..."""
    message = letter("Tiefe 0")
    for number in range(1, depth):
        outer = letter(f"Tiefe {number}")
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def outlook(texts: dict[int, str], attachments: dict[str, bytes], recipient: str) -> bytes:
    """An e-mail of Outlook; `texts` are properties by their id."""
    root: Storage = _properties(texts, {}, header=struct.pack("<8xIIII8x", 1, len(attachments), 1, len(attachments)))
    root["__recip_version1.0_#00000000"] = _properties({0x3001: recipient, 0x39FE: "eva@example.org"}, {}, bytes(8))
    for number, (name, data) in enumerate(attachments.items()):
        part = _properties({0x3707: name}, {0x3705: 1}, bytes(8))
        properties = part["__properties_version1.0"]
        assert isinstance(properties, bytes)
        part["__properties_version1.0"] = properties + struct.pack("<HHIII", 0x0102, 0x3701, 6, len(data), 0)
        part["__substg1.0_37010102"] = data
        root[f"__attach_version1.0_#{number:08X}"] = part
    return compound(root)


def _properties(texts: dict[int, str], numbers: dict[int, int], header: bytes) -> Storage:
    made: Storage = {}
    stream = header
    for name, text in texts.items():
        made[f"__substg1.0_{name:04X}001F"] = text.encode("utf-16-le")
        stream += struct.pack("<HHIII", 0x001F, name, 6, 2 * len(text) + 2, 0)
    for name, number in numbers.items():
        stream += struct.pack("<HHIII", 0x0003, name, 6, number, 0)
    return {"__properties_version1.0": stream, **made}


def compound(root: Storage) -> bytes:
    """A compound file of streams that are all shorter than 4,096 bytes."""
    entries: list[tuple[str, int, int, int, int]] = [("Root Entry", 5, _FREE, 0, 0)]
    siblings: dict[int, int] = {}
    small, chains = bytearray(), list[int]()

    def add(storage: Storage) -> int:
        """The entries of a storage, each the right sibling of the one before; gives the first."""
        numbers: list[int] = []
        for name, content in sorted(storage.items(), key=lambda pair: (len(pair[0]), pair[0])):
            numbers.append(len(entries))
            entries.append((name, 0, 0, 0, 0))
            if isinstance(content, dict):
                entries[numbers[-1]] = (name, 1, add(content), 0, 0)
                continue
            start, count = len(chains), -(-len(content) // _SMALL)
            chains.extend([*range(start + 1, start + count), _END] if count else [])
            small.extend(content.ljust(count * _SMALL, b"\0"))
            entries[numbers[-1]] = (name, 2, _FREE, start if count else _END, len(content))
        siblings.update(zip(numbers, [*numbers[1:], _FREE], strict=True))
        return numbers[0] if numbers else _FREE

    first = add(root)
    streams = _sectors(bytes(small)), _sectors(struct.pack(f"<{len(chains)}I", *chains), b"\xff")
    directory_start = 1 + sum(map(len, streams))
    entries[0] = ("Root Entry", 5, first, 1, len(small))
    directory = _sectors(b"".join(_entry(n, entry, siblings.get(n, _FREE)) for n, entry in enumerate(entries)))
    table = [_FAT]
    for sectors in (*streams, directory):
        table += [*range(len(table) + 1, len(table) + len(sectors)), _END] if sectors else []
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIIII", 0, 1, directory_start, 0, 4096, 1 + len(streams[0]), len(streams[1]), _END, 0, 0)
    fat = struct.pack("<128I", *(table + [_FREE] * 128)[:128])
    return head.ljust(_SECTOR, b"\xff") + fat + b"".join([*streams[0], *streams[1], *directory])


def _sectors(data: bytes, filler: bytes = b"\0") -> list[bytes]:
    return [data[start : start + _SECTOR].ljust(_SECTOR, filler) for start in range(0, len(data), _SECTOR)]


def _entry(number: int, entry: tuple[str, int, int, int, int], right: int) -> bytes:
    name, kind, child, start, size = entry
    written = name.encode("utf-16-le")
    links = struct.pack("<HBBIII", len(written) + 2, kind, 1, _FREE, right if number else _FREE, child)
    return written.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
