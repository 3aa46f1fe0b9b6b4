"""The AWS emulator for publishing: moto, the Amplify service, and the parts of CloudFormation and Lambda that moto lacks.
Records every call.

It is stricter than moto. Resource types that moto would skip, operations that the Amplify service here lacks, and crashes
are recorded as `unsupported`, and the tests fail on them. docs/publish.md describes what this covers.

Pages and functions have their names on AWS, without TLS: a request to this address with the Host BRANCH.APP.amplifyapp.com,
that of a distribution or that of a function's URL, gets the response that AWS would serve there.

    python -m emulator.server CALLS      prints its URL, writes each call to CALLS as a JSON line, exits at end of input
"""

import io
import json
import os
import re
import sys
import threading
import traceback

from . import account, amplify_branches, amplify_service, auth_and_data, buckets, containers, deletions, edge, functions
from . import hosting, infrastructure, resources, stacks
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
        site, answer = self.site(request), account.answer(service, operation(request, body), region)
        refusal = buckets.refuses_write(request, key) if (service, request.method) == ("s3", "PUT") else None
        if refusal is not None:
            status, code, message = refusal
            text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            response = Response(text, status=status, content_type="application/xml")
        elif answer is not None:
            response = answer
        elif site is not None:
            service, response = "site", site
        elif service == "amplify":
            response = amplify_service.answer(request.method, request.path, body, region)
        else:
            body = TEMPLATE_URL.sub(b"TemplateURL=https%3A%2F%2Fs3.amazonaws.com%2F", body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = io.BytesIO(body)
            try:
                response = Response.from_app(self.moto, environ)
                buckets.add_version(request, response)
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
            # A function may fail, but not a service.
            is_unsupported = response.status_code >= 500 and service != "site"
            call["unsupported" if is_unsupported else "refused"] = response.get_data(as_text=True)[-2000:]
        self.write(call)
        return response(environ, start_response)

    def site(self, request):
        """The response to a request that is not for a service, but for a page, a function, or a signed URL of one."""
        host, parts = request.host.rsplit(":", 1)[0], request.path.strip("/").split("/")
        try:
            if host.endswith(".amplifyapp.com"):
                branch, app_id = host.removesuffix(".amplifyapp.com").rsplit(".", 1)
                return hosting.answer(amplify_service.app(app_id), branch, request)
            if edge.is_host(host):
                return edge.answer(host, request)
            if ".lambda-url." in host:
                return functions.answer(host, request)
            if request.method == "PUT" and parts[0] == "upload":
                app_id, branch, job_id = parts[1:]
                amplify_branches.upload(amplify_service.app(app_id), branch, job_id, request.get_data())
                return Response()
            if request.method == "PUT" and host == "127.0.0.1" and parts[0] == "custom-resource":
                functions.receive(parts[1], request.get_data())
                return Response()
        except amplify_service.Refused as refused:
            return Response(refused.message, status=refused.status)
        except Exception:
            self.write({"unsupported": traceback.format_exc()})
            return Response("the emulator failed", status=500)
        return None

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
    containers.port, amplify_branches.base = server.port, f"http://127.0.0.1:{server.port}"
    containers.home = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "functions")
    os.makedirs(containers.home, exist_ok=True)
    print(amplify_branches.base, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
