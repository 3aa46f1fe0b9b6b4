"""Runs a command on a terminal, and types keys at each question; prints what was shown and, in the last line, the exit code.

Usage: answer.py QUESTION KEYS COMMAND...   QUESTION is the end of a question. KEYS may have escapes, such as \\x04.
"""

import os
import pty
import sys

question, keys, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)

output, asked = b"", 0
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    output += chunk
    while output.count(question.encode()) > asked:
        asked += 1
        os.write(terminal, keys.encode().decode("unicode_escape").encode())
_, status = os.waitpid(pid, 0)
print(output.decode("utf-8").replace("\r\n", "\n"))
print(os.waitstatus_to_exitcode(status))
