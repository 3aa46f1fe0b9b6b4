"""Records in vectors.jsonl how libpq interprets connection strings and service files.

    pip install psycopg-binary==3.3.4          # contains libpq 18
    python3 record.py PATH_OF_LIBPQ            # …/site-packages/psycopg_binary.libs/libpq-*.so*

To add a case, append `{"text": "…"}` to vectors.jsonl, or `{"service_file": "…", "variables": {}}`, and run this script:
it keeps the inputs and rewrites everything else.

The first line has libpq's version and its keywords, with the variable of each. In every other line,
`values` are the settings that libpq reads, `error` is its message if it can't parse the input, and `refused` is its
message if it rejects a value when it starts to connect. The word `secret` stands for a password.
"""

import ctypes
import json
import os
import pathlib
import sys
import tempfile

VECTORS = pathlib.Path(__file__).with_name("vectors.jsonl")
# Nothing from the machine: no variables, no password or service files. PQconnectStart resolves names before it returns.
os.environ.clear()
os.environ.update(HOME="/nonexistent", PGSYSCONFDIR="/nonexistent", RES_OPTIONS="attempts:1 timeout:1")
# Attempts to connect fail with these; every other failure is a rejected value.
NETWORK = ("connection to server", "could not translate host name", "could not connect", "could not parse network address")


class Option(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in "keyword variable compiled value label display".split()]
    _fields_ += [("size", ctypes.c_int)]


libpq = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libpq.so.5")
for function in libpq.PQconninfoParse, libpq.PQconndefaults, libpq.PQconninfo:
    function.restype = ctypes.POINTER(Option)
libpq.PQconninfo.argtypes = libpq.PQerrorMessage.argtypes = libpq.PQfinish.argtypes = [ctypes.c_void_p]
libpq.PQconnectStart.restype = ctypes.c_void_p
libpq.PQerrorMessage.restype = ctypes.c_char_p


def message(text):
    return text.decode("utf-8", "replace").strip().replace("secret", "********")


def options(found):
    index = 0
    while found[index].keyword:
        yield found[index]
        index += 1


def values(found):
    return {o.keyword.decode(): o.value.decode("utf-8", "replace") for o in options(found) if o.value is not None}


KEYWORDS = {option.keyword.decode(): (option.variable or b"").decode() for option in options(libpq.PQconndefaults())}


def connect(text):
    """The settings with all defaults, and why libpq won't even try to connect with them."""
    connection = libpq.PQconnectStart(text)
    error = message(libpq.PQerrorMessage(connection))
    found = values(libpq.PQconninfo(connection))
    libpq.PQfinish(connection)
    return found, "" if error.startswith(NETWORK) else error


# With the machine's user as the name of the user and the database.
DEFAULTS = connect(b"")[0]


def parse(text):
    error = ctypes.c_char_p()
    found = libpq.PQconninfoParse(text, ctypes.byref(error))
    if not found:
        return {"error": message(error.value)}
    # A service is looked up in a file, which is recorded elsewhere.
    refused = "" if b"service" in text else connect(text)[1]
    return {"values": values(found)} | ({"refused": refused} if refused else {})


def read_service(text, variables):
    with tempfile.NamedTemporaryFile("w", newline="", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.environ.update(variables, PGSERVICEFILE=file.name)
        found, error = connect(b"service=s")
        for name in variables:
            del os.environ[name]
        error = error.replace(file.name, "FILE")
    if "service file" in error or "definition of service" in error:
        return {"error": error}
    if found.get("dbname") == found.get("user"):
        del found["dbname"]
    found = {keyword: value for keyword, value in found.items() if value != DEFAULTS.get(keyword)}
    return {"values": found} | ({"refused": error} if error else {})


def record(line):
    if "text" in line:
        return {"text": line["text"]} | parse(line["text"].encode())
    service_file, variables = line["service_file"], line["variables"]
    return {"service_file": service_file, "variables": variables} | read_service(service_file, variables)


lines = [json.loads(line) for line in VECTORS.read_text("ascii").split("\n") if line]
lines = [{"libpq": libpq.PQlibVersion(), "keywords": KEYWORDS}] + [record(line) for line in lines if "libpq" not in line]
VECTORS.write_text("".join(json.dumps(line) + "\n" for line in lines), "ascii")
