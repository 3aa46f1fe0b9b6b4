"""Types lines into a shell on a terminal, each followed by a tab, and prints the words of each line as completed.

Usage: terminal.py SHELL SETUP LINE...   SETUP is a file that the shell reads first.
"""

import os
import pty
import re
import select
import sys
import time

# How long a shell may take, in seconds, on the busiest machine.
PATIENCE = 120

shell, setup, *lines = sys.argv[1:]
arguments = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i"]}[shell]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", COLUMNS="200", LINES="50", HISTFILE="/dev/null")
    os.execvp(shell, [shell, *arguments])


def read_until(pattern, seconds):
    """What the shell prints until a pattern appears, or until the time is over."""
    output, end = "", time.time() + seconds
    while time.time() < end and not (pattern and re.search(pattern, output)):
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                chunk = os.read(terminal, 65536).decode("utf-8", "replace")
            except OSError:
                break
            output += chunk
            # fish asks the terminal what it is.
            if "\x1b[c" in chunk or "\x1b[0c" in chunk:
                os.write(terminal, b"\x1b[?62;c")
    return output


def type_text(text):
    os.write(terminal, text.encode())


read_until(None, 1)
type_text(f"source {setup}; echo re''ady\r")
read_until("ready", PATIENCE)
read_until(None, 0.5)
for number, line in enumerate(lines):
    type_text(line)
    read_until(None, 0.1)
    type_text("\t")
    # The completion asks a program; what it adds is echoed.
    read_until(".", PATIENCE)
    read_until(None, 0.2)
    type_text(f"\x05\x01printf '<%s>' start{number} \x05 end{number}\r")
    output = read_until(rf"<start{number}>.*<end{number}>", PATIENCE)
    found = re.search(rf"<start{number}>(.*?)<end{number}>", output, re.DOTALL)
    print(" ".join(re.findall("<([^>]*)>", found.group(1))) if found else f"no answer: {output!r}")
type_text("\x03\x04exit\r")
os.close(terminal)
