"""Runs a command on a terminal of some columns, and prints every line that was shown, also those erased later.

Usage: screen.py COLUMNS TERM COMMAND...
"""

import fcntl
import os
import pty
import struct
import sys
import termios
import unicodedata

columns, term, *command = sys.argv[1:]
columns = int(columns)
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    os.environ["TERM"] = term
    os.environ.pop("COLUMNS", None)
    os.execvp(command[0], command)

output = b""
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    output += chunk
_, status = os.waitpid(pid, 0)


def width(text):
    wide = {"W": 2, "F": 2}
    return sum(0 if unicodedata.combining(c) else wide.get(unicodedata.east_asian_width(c), 1) for c in text)


text = output.decode("utf-8")
for line in text.replace("\r\n", "\n").replace("\r\x1b[K", "\n").split("\n"):
    if line:
        print(f"{width(line)} {line!r}")
sys.exit(os.waitstatus_to_exitcode(status))
