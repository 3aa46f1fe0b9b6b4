"""The AWS emulator for publishing: moto, the Amplify service and the resource types that moto lacks. Records every call.

It is stricter than moto. Resource types that moto would skip, operations that the Amplify service here lacks, and crashes
are recorded as `unsupported`, and the tests fail on them. docs/publish.md says what this covers.

    python -m emulator.server CALLS      prints its URL, writes each call to CALLS as a JSON line, exits at end of input
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
# The CLI passes the URL that it uploaded the template to; moto knows S3 only by its real host name.
TEMPLATE_URL = re.compile(rb"TemplateURL=https?%3A%2F%2F127\.0\.0\.1%3A\d+%2F")


class Recorder:
    """Handles or forwards each request, and records it with its outcome."""

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
    """The name of the operation if the protocol has one, otherwise the HTTP method."""
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
