"""The aws CLI, loaded once: loading it takes three quarters of the CPU time of a call. Each call is a process of its own, with
the arguments, the variables, the directory and the standard streams of its caller, that runs the real CLI.

    python -m emulator.aws_cli         prints a folder with the program `aws`, serves its calls, exits at end of input
"""

import gc
import json
import os
import select
import shlex
import signal
import socket
import sys
import tempfile
import traceback

# The program makes a call: it exits with the code of the CLI. Without it, the call ends.
CALL = """
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    call = {"arguments": sys.argv[2:], "variables": dict(os.environ), "directory": os.getcwd()}
    text = json.dumps(call).encode()
    socket.send_fds(server, [len(text).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(text)
    sys.exit((server.recv(1) or b"\\1")[0])
"""


def serve(folder):
    import awscli.clidriver

    # Loads what every call needs.
    awscli.clidriver.create_clidriver()
    gc.freeze()
    # Nobody waits for the processes.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    address = os.path.join(folder, "socket")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    program = os.path.join(folder, "aws")
    words = [sys.executable, "-I", "-S", "-c", CALL, address]
    with open(program, "w") as file:
        file.write(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    os.chmod(program, 0o755)
    print(folder, flush=True)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        start(answer, connection, listener)
        connection.close()


def start(work, *arguments):
    """Starts a process that does this work, which ends it."""
    process = os.fork()
    if process == 0:
        try:
            work(*arguments)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return process


def answer(connection, listener):
    """Runs a call, and sends its exit code. Ends it if its caller ends."""
    listener.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    text, left = b"", int.from_bytes(size, "big")
    while len(text) < left:
        text += connection.recv(left - len(text))
    # Readable once the process has ended.
    ended, end = os.pipe()
    process = start(run, json.loads(text), streams, [connection.fileno(), ended])
    for stream in [end, *streams]:
        os.close(stream)
    ready, _, _ = select.select([connection, ended], [], [])
    if ended in ready:
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        connection.sendall(bytes([code & 255]))
    else:
        os.kill(process, signal.SIGTERM)
    os._exit(0)


def run(call, streams, others):
    import awscli.clidriver

    for other in others:
        os.close(other)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(call["directory"])
    # Loading the CLI sets this one.
    variables = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]} | call["variables"]
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["aws", *call["arguments"]]
    try:
        code = awscli.clidriver.main()
    except SystemExit as exited:
        code = exited.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    # Only its owner can open it.
    with tempfile.TemporaryDirectory(prefix="xtask-aws-") as private:
        serve(private)
