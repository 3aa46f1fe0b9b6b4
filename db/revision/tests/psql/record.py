"""Generates sent.jsonl: what psql sends to the server for each file in `cases`.

    python record.py > sent.jsonl        (needs psql)

This implements just enough of PostgreSQL's protocol to act as a server that accepts and records every query and all COPY
data. If psql accepts something that the splitter rejects, the first line of the file is `-- error: MESSAGE`.
"""

import asyncio
import json
import pathlib
import re
import struct
import sys

COPY = re.compile(rb"^(?:\s|--[^\n]*\n|/\*.*?\*/)*copy\b.*?\bfrom\s+(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:stdin|stdout)\b", re.I | re.S)
SETTINGS = {"server_version": "17.0", "standard_conforming_strings": "on", "client_encoding": "UTF8", "is_superuser": "on"}


class Server:
    def __init__(self):
        self.sent = []

    async def serve(self, reader, writer):
        def send(kind, body=b""):
            writer.write(kind + struct.pack("!I", len(body) + 4) + body)

        async def read(with_kind):
            kind = await reader.readexactly(1) if with_kind else b""
            (length,) = struct.unpack("!I", await reader.readexactly(4))
            return kind, await reader.readexactly(length - 4)

        await read(False)
        send(b"R", struct.pack("!I", 0))
        for name, value in SETTINGS.items():
            send(b"S", f"{name}\0{value}\0".encode())
        send(b"Z", b"I")
        try:
            while True:
                kind, body = await read(True)
                if kind == b"X":
                    break
                if kind == b"Q":
                    query = body[:-1]
                    self.sent.append(["q", query.decode()])
                    if COPY.match(query):
                        send(b"G", struct.pack("!bh", 0, 0))
                        self.sent.append(["copy", ""])
                    else:
                        send(b"C", b"OK\0")
                        send(b"Z", b"I")
                elif kind == b"d":
                    self.sent[-1][1] += body.decode()
                elif kind in (b"c", b"f"):
                    send(b"C", b"COPY 0\0")
                    send(b"Z", b"I")
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        writer.close()


async def record(path):
    recorder = Server()
    server = await asyncio.start_server(recorder.serve, "127.0.0.1", 0, limit=1 << 26)
    port = server.sockets[0].getsockname()[1]
    settings = f"host=127.0.0.1 port={port} user=x dbname=x sslmode=disable gssencmode=disable client_encoding=UTF8"
    psql = await asyncio.create_subprocess_exec("psql", "-X", "-q", "-d", settings, "-f", str(path), stdout=asyncio.subprocess.DEVNULL)
    await psql.wait()
    server.close()
    return recorder.sent


for path in sorted((pathlib.Path(__file__).parent / "cases").glob("*.sql")):
    sql = path.read_bytes().decode()
    case = {"name": path.stem, "sql": sql}
    first = sql.splitlines()[0] if sql else ""
    if first.startswith("-- error: "):
        case["error"] = first.removeprefix("-- error: ")
    case["sent"] = asyncio.run(record(path))
    print(json.dumps(case))
    sys.stdout.flush()
