"""Amplify Hosting: the pages of branches, at https://BRANCH.APP.amplifyapp.com on AWS, with the app's custom rules.

Rules follow https://docs.aws.amazon.com/amplify/latest/userguide/redirects.html: the first matching rule applies; a rule with
the status 404-200 applies if there is no such file. A site whose archive has no index.html at the top level returns
AccessDenied.
"""

import base64
import hashlib
import mimetypes
import re
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from . import amplify_branches, functions, resources

DENIED = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"""


def answer(app, name, request):
    """The response of a branch's page."""
    site = amplify_branches.refreshed(amplify_branches.find(app, name))
    settings = site.branch if site.branch["enableBasicAuth"] else app["app"]
    if settings.get("enableBasicAuth") and not is_authorized(settings, request):
        return Response("Unauthorized", status=401, headers={"WWW-Authenticate": "Basic"})
    rules = app["app"].get("customRules", [])
    for rule in rules:
        target = matched(rule, request.path)
        if target is not None and rule.get("status") != "404-200":
            return follow(site, rule.get("status", "200"), target, request)
    path = request.path.lstrip("/")
    if file_name(path) in site.files:
        return page(site, path, request)
    if f"{path}/index.html" in site.files:
        return redirect(301, f"/{path}/")
    for rule in rules:
        target = matched(rule, request.path)
        if target is not None and rule.get("status") == "404-200":
            return follow(site, "200", target, request)
    return page(site, path, request)


def is_authorized(settings, request):
    given = request.authorization
    wanted = base64.b64decode(settings.get("basicAuthCredentials", "")).decode()
    return given is not None and given.type == "basic" and f"{given.username}:{given.password}" == wanted


def matched(rule, path):
    """The target of a rule if it applies to a path."""
    if "condition" in rule:
        resources.on_unsupported("a custom rule with a condition")
    source, target = rule["source"], rule["target"]
    if source.startswith("</") and source.endswith("/>"):
        return target if re.search(source[2:-2], path) else None
    start, wildcard, end = source.partition("<*>")
    if "<" in start + end:
        resources.on_unsupported(f"the source {source} of a custom rule")
    if not wildcard:
        return target if path == source else None
    is_match = path.startswith(start) and path.endswith(end) and len(path) >= len(start) + len(end)
    return target.replace("<*>", path[len(start) : len(path) - len(end)]) if is_match else None


def follow(site, status, target, request):
    if status in ("301", "302"):
        return redirect(int(status), target)
    if status in ("404", "200") and target.startswith("/"):
        found = page(site, target.lstrip("/"), request)
        found.status_code = 404 if status == "404" and found.status_code == 200 else found.status_code
        return found
    return forward(target, request)


def forward(target, request):
    """A reverse proxy to an address of the emulator."""
    address = urlsplit(target)
    if address.hostname not in functions.urls:
        resources.on_unsupported(f"a rewrite to {target}")
        return Response(f"{target} is not emulated", status=502)
    query = "&".join(part for part in (address.query, request.query_string.decode()) if part)
    sent = functions.forwarded(request, address.path or "/", query, without=["host", "authorization"])
    return functions.answer(address.hostname, sent)


def redirect(status, target):
    return Response(status=status, headers={"Location": target})


def file_name(path):
    return path + "index.html" if path.endswith("/") or not path else path


def page(site, path, request):
    name, files = file_name(path), site.files
    if name not in files:
        if "index.html" not in files:
            return Response(DENIED, status=403, mimetype="application/xml")
        return Response("Not Found", status=404, mimetype="text/plain")
    if request.method not in ("GET", "HEAD"):
        return Response("Method Not Allowed", status=405, headers={"Allow": "GET, HEAD"})
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    found = Response(files[name], mimetype=kind)
    found.headers["ETag"] = f'"{hashlib.md5(files[name]).hexdigest()}"'
    found.headers["Cache-Control"] = "public, max-age=0, s-maxage=31536000"
    return found
