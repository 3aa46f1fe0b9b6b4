"""The parts of Lambda that the Amplify backend uses: invocation, function URLs, permissions and custom resources.

moto stores the functions' settings and code; containers.py runs them.
"""

import base64
import io
import json
import sys
import time
import uuid
import zipfile

from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.core.common_models import CloudFormationModel
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from . import containers, resources
from .resources import Resource, letters

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST_PAYLOAD = 6 * 1024 * 1024
TEXT = ("text/", "application/json", "application/javascript", "application/xml")

# Functions by the host names of their URLs, and the results of custom resources by request.
urls = {}
results = {}


def invoke(function, event):
    if not str(function.run_time).startswith("nodejs"):
        resources.on_unsupported(f"a function with the runtime {function.run_time}")
        return {"error": {"errorType": "Unsupported", "errorMessage": "the emulator has only Node.js"}}
    return containers.invoke(function, event)


def invoke_by_api(self, body, request_headers, response_headers):
    """The operation Invoke."""
    outcome = invoke(self, json.loads(body or "{}"))
    if "error" in outcome:
        response_headers["x-amz-function-error"] = "Unhandled"
    return json.dumps(outcome.get("value", outcome.get("error"))).encode()


LambdaFunction.invoke = invoke_by_api


def inline(code):
    """The archive of code that a template contains, with the file name for Node.js; moto uses the one for Python."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("index.js", code)
    return archive.getvalue()


def create_function(cls, resource_name, cloudformation_json, account_id, region_name, **others):
    properties = cloudformation_json["Properties"]
    name = properties.get("FunctionName", resource_name[-64:].lstrip("-"))
    function = created(name, cloudformation_json, account_id, region_name, **others)
    function.reserved_concurrency = properties.get("ReservedConcurrentExecutions")
    return function


def update_function(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    """Also updates the settings that moto ignores."""
    properties = cloudformation_json["Properties"]
    if "ZipFile" in properties["Code"]:
        properties["Code"]["ZipFile"] = base64.b64encode(inline(properties["Code"]["ZipFile"]))
    updated(original_resource, new_resource_name, cloudformation_json, account_id, region_name)
    original_resource.reserved_concurrency = properties.get("ReservedConcurrentExecutions")
    if "Environment" not in properties:
        original_resource.environment_vars = {}
    return original_resource


created = LambdaFunction.create_from_cloudformation_json
LambdaFunction.create_from_cloudformation_json = classmethod(create_function)
updated = LambdaFunction.update_from_cloudformation_json
LambdaFunction.update_from_cloudformation_json = classmethod(update_function)
LambdaFunction._create_zipfile_from_plaintext_code = staticmethod(inline)


class Permission(Resource, CloudFormationModel):
    """Stored by function and statement, so that a permission can be removed; moto's cannot be deleted."""

    TYPE = "AWS::Lambda::Permission"
    statements = {}

    def create(self):
        self.statements[self.name] = self.properties
        return self.name

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, **others):
        original_resource.properties = cls.statements[original_resource.id] = cloudformation_json["Properties"]
        return original_resource

    @classmethod
    def remove(cls, physical_id, account, region):
        cls.statements.pop(physical_id, None)

    @classmethod
    def allows(cls, function, action, authentication):
        names = (function.function_arn, function.function_name)
        return any(
            given["Action"] == action
            and given["Principal"] == "*"
            and given["FunctionName"] in names
            and given.get("FunctionUrlAuthType", authentication) == authentication
            for given in cls.statements.values()
        )


class Url(Resource, CloudFormationModel):
    TYPE = "AWS::Lambda::Url"
    ATTRIBUTES = {
        "FunctionUrl": lambda self: f"https://{self.host}/",
        "FunctionArn": lambda self: self.properties["TargetFunctionArn"],
    }

    def create(self):
        self.host = f"{letters(32).lower()}.lambda-url.{self.region}.on.aws"
        urls[self.host] = self
        return self.properties["TargetFunctionArn"]

    def delete(self, account, region):
        urls.pop(self.host, None)

    def function(self):
        return lambda_backends[self.account][self.region].get_function(self.properties["TargetFunctionArn"])


def answer(host, request):
    """The response of a function's URL."""
    url = urls.get(host)
    if url is None:
        return message(403, "Forbidden")
    function, authentication = url.function(), url.properties["AuthType"]
    if authentication != "NONE":
        resources.on_unsupported(f"a function URL with the AuthType {authentication}")
    # Since October 2025, a URL needs both.
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        if authentication != "NONE" or not Permission.allows(function, action, "NONE"):
            return message(403, "Forbidden. For troubleshooting Function URL authorization issues, see the documentation")
    if len(request.get_data()) > LARGEST_PAYLOAD:
        return message(413, "Request Too Long")
    try:
        outcome = invoke(function, event(host, request))
    except containers.Throttled:
        text = json.dumps({"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "message": "Rate Exceeded."})
        return Response(text, status=429, mimetype="application/json")
    if "error" in outcome:
        print(f"{function.function_name}: {outcome['error']}", file=sys.stderr, flush=True)
        return Response("Internal Server Error", status=502, mimetype="text/plain")
    return response(outcome["value"])


def forwarded(request, path, query, without):
    """A request as forwarded by a proxy, with a different path and query, and without some headers of the viewer."""
    headers = [(key, value) for key, value in request.headers if key.lower() not in without]
    builder = EnvironBuilder(
        path=path,
        query_string=query,
        method=request.method,
        headers=headers,
        data=request.get_data(),
        environ_base={"REMOTE_ADDR": request.remote_addr},
    )
    return Request(builder.get_environ())


def message(status, text):
    return Response(json.dumps({"Message": text}), status=status, mimetype="application/json")


def event(host, request):
    """Version 2.0 of https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html."""
    now, body = time.time(), request.get_data()
    is_text = not body or request.mimetype.startswith(TEXT)
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() not in ("host", "cookie")}
    found = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query_string.decode(),
        "headers": headers | {"host": host, "x-forwarded-proto": "https", "x-forwarded-port": "443"},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": host.split(".")[0],
            "domainName": host,
            "domainPrefix": host.split(".")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.remote_addr,
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": not is_text,
    }
    if body:
        found["body"] = body.decode() if is_text else base64.b64encode(body).decode()
    if request.cookies:
        found["cookies"] = [f"{name}={value}" for name, value in request.cookies.items()]
    if request.args:
        found["queryStringParameters"] = {name: ",".join(values) for name, values in request.args.lists()}
    return found


def response(value):
    if not isinstance(value, dict) or "statusCode" not in value:
        text = value if isinstance(value, str) else json.dumps(value)
        return Response(text, mimetype="application/json")
    body = value.get("body") or ""
    body = base64.b64decode(body) if value.get("isBase64Encoded") else body
    answered = Response(body, status=int(value["statusCode"]), mimetype="application/json")
    for name, text in (value.get("headers") or {}).items():
        answered.headers[name] = str(text)
    for cookie in value.get("cookies") or []:
        answered.headers.add("Set-Cookie", cookie)
    return answered


# --- custom resources -------------------------------------------------------------------------------------------------

RESPONSES = "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/custom-resource"


def receive(request_id, body):
    """Stores the result that a function sends to the URL of its custom resource."""
    results[request_id] = json.loads(body)


class Failed(Exception):
    """The reason that CloudFormation reports. A custom resource that failed exists, so the rollback also calls its function."""

    resource = None


class Custom(CloudFormationModel):
    """A custom resource: its function runs for each creation, update and deletion, and sends the result."""

    def __init__(self, name, arguments, result):
        self.name, self.arguments, self.data = name, arguments, result.get("Data") or {}

    physical_resource_id = property(lambda self: self.name)

    @staticmethod
    def cloudformation_name_type():
        return None

    @staticmethod
    def cloudformation_type():
        return "AWS::CloudFormation::CustomResource"

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attribute):
        if attribute not in self.data:
            raise Failed(f"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute")
        return self.data[attribute]

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **others):
        arguments = {
            "LogicalResourceId": others["LogicalId"],
            "ResourceType": others["ResourceType"],
            "StackId": others["StackId"],
            "ResourceProperties": cloudformation_json["Properties"],
        }
        try:
            result = cls.request("Create", arguments, account_id, region_name)
        except Failed as failed:
            failed.resource = cls(failed.result.get("PhysicalResourceId", resource_name), arguments, {})
            raise
        return cls(result["PhysicalResourceId"], arguments, result)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        name, before = original_resource.name, original_resource.arguments
        after = before | {"ResourceProperties": cloudformation_json["Properties"]}
        given = {"PhysicalResourceId": name, "OldResourceProperties": before["ResourceProperties"]}
        try:
            result = cls.request("Update", after | given, account_id, region_name)
        except Failed as failed:
            failed.resource = cls(name, after, {"Data": original_resource.data})
            raise
        if result["PhysicalResourceId"] != name:
            # It is replaced. AWS deletes the old one only when the whole update has succeeded.
            cls.request("Delete", before | {"PhysicalResourceId": name}, account_id, region_name)
        return cls(result["PhysicalResourceId"], after, result)

    def delete(self, account, region):
        self.request("Delete", self.arguments | {"PhysicalResourceId": self.name}, account, region)

    @staticmethod
    def request(kind, arguments, account, region):
        request_id = str(uuid.uuid4())
        token = arguments["ResourceProperties"]["ServiceToken"]
        function = lambda_backends[account][region].get_function(token)
        call = {"RequestType": kind, "RequestId": request_id, "ServiceToken": token}
        outcome = invoke(function, call | {"ResponseURL": f"{RESPONSES}/{request_id}"} | arguments)
        # AWS waits for an hour in case something else sends it.
        result = results.pop(request_id, None)
        reason, result = outcome.get("error", {}).get("errorMessage", "it returned without sending one"), result or {}
        if result.get("Status") == "SUCCESS":
            return result
        failed = Failed(f"CloudFormation did not receive a response from your Custom Resource: {reason}")
        if result:
            message = f"Received response status [FAILED] from custom resource. Message returned: {result.get('Reason')}"
            failed = Failed(f"{message} (RequestId: {request_id})")
        failed.result = result
        raise failed
