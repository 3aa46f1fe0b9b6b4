"""The Amplify service: apps and the backend environments of Gen 1. The branches of Gen 2 are in amplify_branches.py.

Shapes and errors follow https://docs.aws.amazon.com/amplify/latest/APIReference. Anything not emulated is an error (501),
never a guess.
"""

import json
import random
import re
import string
import threading
import time

from werkzeug.wrappers import Response

ACCOUNT = "123456789012"
ENVIRONMENT = re.compile(r"^[a-z]{2,10}$")

SETTINGS = {"name", "description", "environmentVariables", "customRules", "enableBasicAuth", "basicAuthCredentials"}

apps = {}
branches = None  # the operations on branches, set by amplify_branches.py
lock = threading.Lock()


class Refused(Exception):
    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


def answer(method, path, body, region):
    parts = [part for part in path.split("/") if part]
    try:
        with lock:
            found = operate(method, parts, json.loads(body) if body else {}, region)
        return Response(json.dumps(found), mimetype="application/json")
    except Refused as refused:
        headers = {"x-amzn-errortype": refused.kind}
        text = json.dumps({"message": refused.message})
        return Response(text, status=refused.status, headers=headers, mimetype="application/json")


def operate(method, parts, given, region):
    match (method, parts):
        case ("GET", ["apps"]):
            return {"apps": [app["app"] for app in apps.values()]}
        case ("POST", ["apps"]):
            return {"app": create_app(given, region)}
        case ("GET", ["apps", app_id]):
            return {"app": app(app_id)["app"]}
        case ("POST", ["apps", app_id]):
            return {"app": update_app(app(app_id)["app"], given)}
        case ("DELETE", ["apps", app_id]):
            return {"app": apps.pop(app(app_id)["app"]["appId"])["app"]}
        case (_, ["apps", app_id, "branches", *rest]):
            found = branches(app(app_id), method, rest, given)
            if found is None:
                raise Refused(501, "NotImplemented", f"{method} /{'/'.join(parts)} is not emulated")
            return found
        case ("POST", ["apps", app_id, "backendenvironments"]):
            return {"backendEnvironment": create_environment(app(app_id), given)}
        case ("GET", ["apps", app_id, "backendenvironments"]):
            return {"backendEnvironments": list(app(app_id)["environments"].values())}
        case ("GET", ["apps", app_id, "backendenvironments", name]):
            found = app(app_id)["environments"].get(name)
            if found is None:
                raise Refused(404, "NotFoundException", f"Backend environment {name} not found.")
            return {"backendEnvironment": found}
        case _:
            raise Refused(501, "NotImplemented", f"{method} /{'/'.join(parts)} is not emulated")


def app(app_id):
    if app_id not in apps:
        raise Refused(404, "NotFoundException", f"App {app_id} not found.")
    return apps[app_id]


def create_app(given, region):
    name = given.get("name")
    if not name:
        raise Refused(400, "BadRequestException", "name is missing")
    app_id = "d" + "".join(random.choices(string.ascii_lowercase + string.digits, k=13))
    now = time.time()
    apps[app_id] = {
        "environments": {},
        "sites": {},
        "app": {
            "appId": app_id,
            "appArn": f"arn:aws:amplify:{region}:{ACCOUNT}:apps/{app_id}",
            "name": name,
            "description": given.get("description", ""),
            "repository": "",
            "platform": "WEB",
            "createTime": now,
            "updateTime": now,
            "environmentVariables": given.get("environmentVariables", {}),
            "defaultDomain": f"{app_id}.amplifyapp.com",
            "enableBranchAutoBuild": False,
            "enableBasicAuth": False,
        },
    }
    return apps[app_id]["app"]


def update_app(app, given):
    unknown = set(given) - SETTINGS
    if unknown:
        raise Refused(501, "NotImplemented", f"settings of an app that are not emulated: {', '.join(sorted(unknown))}")
    app.update(given, updateTime=time.time())
    return app


def create_environment(app, given):
    name = given.get("environmentName", "")
    if not ENVIRONMENT.match(name):
        raise Refused(400, "BadRequestException", f"environmentName `{name}` is not one")
    if name in app["environments"]:
        raise Refused(400, "BadRequestException", f"Backend environment {name} exists already")
    now = time.time()
    app["environments"][name] = {
        "backendEnvironmentArn": f"{app['app']['appArn']}/backendenvironments/{name}",
        "environmentName": name,
        "stackName": given.get("stackName"),
        "deploymentArtifacts": given.get("deploymentArtifacts"),
        "createTime": now,
        "updateTime": now,
    }
    return app["environments"][name]
