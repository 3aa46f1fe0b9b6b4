"""AWS as far as a publication needs it: moto, the Amplify service, the resource types that moto lacks; every call recorded.

Strict where moto is kind: a resource type that it would skip, an operation that the Amplify service here does not have, a
crash: each is recorded as `unsupported`, and the tests fail on it. What this proves and what not: docs/publish.md.

    python -m emulator.server CALLS      prints its URL; each call is a JSON line in CALLS; ends with its standard input
"""

import io
import json
import os
import re
import sys
import threading
import traceback

from . import amplify_service, infrastructure, resources
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
# The CLI names a template by the address it put it to; moto knows S3 by its real name only.
TEMPLATE_URL = re.compile(rb"TemplateURL=https?%3A%2F%2F127\.0\.0\.1%3A\d+%2F")


class Recorder:
    """Answers or passes on each request, and writes down what it was and how it ended."""

    def __init__(self, path):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.calls = open(path, "a", buffering=1)
        self.lock = threading.Lock()
        resources.on_unsupported = lambda resource_type: self.write({"unsupported": resource_type})

    def __call__(self, environ, start_response):
        request = Request(environ)
        scope = SCOPE.search(request.headers.get("Authorization", ""))
        key, region, service = scope.groups() if scope else ("", "", "none")
        body = request.get_data()
        if service == "amplify":
            response = amplify_service.answer(request.method, request.path, body, region)
        else:
            body = TEMPLATE_URL.sub(b"TemplateURL=https%3A%2F%2Fs3.amazonaws.com%2F", body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = io.BytesIO(body)
            try:
                response = Response.from_app(self.moto, environ)
            except Exception:
                response = Response(traceback.format_exc(), status=500)
        call = {
            "service": service,
            "operation": operation(request, body),
            "path": request.path,
            "status": response.status_code,
            "key": key,
            "region": region,
        }
        if response.status_code >= 400:
            call["unsupported" if response.status_code >= 500 else "refused"] = response.get_data(as_text=True)[-2000:]
        self.write(call)
        return response(environ, start_response)

    def write(self, call):
        with self.lock:
            self.calls.write(json.dumps(call) + "\n")


def operation(request, body):
    """The name of the operation, where the protocol has one: else the method."""
    target = request.headers.get("X-Amz-Target")
    if target:
        return target.rsplit(".", 1)[-1]
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    return action.group(1).decode() if action else request.method


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Recorder(sys.argv[1]), threaded=True)
    print(f"http://127.0.0.1:{server.port}", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
