"""Runs Lambda functions: their deployed code, in the Node.js of this machine, with the environment that Lambda gives them.

A container is a process that is kept between invocations and handles one at a time, so that state outside the handler, such as
a database connection, behaves as on AWS. The runtime's copy of the AWS SDK is in the folder EMULATOR_SDK. Containers have no
VPC and no IAM role: they can reach everything.
"""

import io
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile

DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "container.cjs")
# For a function without reserved concurrency: in a new account, this is AWS's limit for all functions together.
CONCURRENCY = 10

# The emulator's own port and a folder for the functions' files, set by server.py.
port = 0
home = ""
lock = threading.Lock()
idle = {}
busy = {}


class Throttled(Exception):
    """All containers of the function are busy."""


class Container:
    def __init__(self, function, key):
        self.key = key
        self.folder = tempfile.mkdtemp(dir=home)
        zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(self.folder)
        self.process = subprocess.Popen(
            ["node", DRIVER],
            cwd=self.folder,
            env=environment(function),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
        )

    def invoke(self, event, timeout):
        """The outcome, or None if the function timed out or its process ended."""
        deadline = time.time() + timeout
        call = {"event": event, "requestId": str(uuid.uuid4()), "deadline": int(deadline * 1000)}
        try:
            self.process.stdin.write(json.dumps(call).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return {"error": {"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited before it was ready"}}
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(timeout):
                message = f"Task timed out after {timeout:.2f} seconds"
                return {"error": {"errorType": "Sandbox.Timedout", "errorMessage": message}, "ended": True}
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            message = f"Runtime exited with error: exit status {status}"
            return {"error": {"errorType": "Runtime.ExitError", "errorMessage": message}, "ended": True}
        return json.loads(line)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def environment(function):
    own = {
        "PATH": os.environ["PATH"],
        "NODE_PATH": os.environ.get("EMULATOR_SDK", ""),
        "NODE_NO_WARNINGS": "1",
        "_HANDLER": function.handler,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ACCESS_KEY_ID": "ASIAOFTHEFUNCTION",
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_SESSION_TOKEN": "unused",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "EMULATOR_PORT": str(port),
        "EMULATOR_FUNCTION_ARN": function.function_arn,
    }
    return own | {key: str(value) for key, value in (function.environment_vars or {}).items()}


def invoke(function, event):
    """Runs a function: `{"value": …}`, or `{"error": {"errorType", "errorMessage"}}`."""
    container = take(function)
    outcome = container.invoke(event, float(function.timeout))
    with lock:
        busy[container.key] -= 1
        is_kept = not outcome.pop("ended", False) and container.process.poll() is None
        if is_kept:
            idle.setdefault(container.key, []).append(container)
    if not is_kept:
        container.end()
    return outcome


def take(function):
    """An idle container of the function's current code and settings, or else a new one."""
    variables = json.dumps(function.environment_vars or {}, sort_keys=True)
    key = (function.function_arn, function.code_sha_256, function.handler, variables)
    limit = int(getattr(function, "reserved_concurrency", None) or CONCURRENCY)
    with lock:
        outdated = [it for it in idle if it[0] == key[0] and it != key]
        ended = [container for it in outdated for container in idle.pop(it)]
        if sum(count for it, count in busy.items() if it[0] == key[0]) >= limit:
            raise Throttled()
        busy[key] = busy.get(key, 0) + 1
        container = idle[key].pop() if idle.get(key) else None
    for outdated in ended:
        outdated.end()
    try:
        return container or Container(function, key)
    except Exception:
        with lock:
            busy[key] -= 1
        raise
