"""The artifacts of a pipeline's executions. Nothing runs pipelines here: a test uploads the artifacts of an execution to the
pipeline's bucket, as PIPELINE/EXECUTION/ARTIFACT.zip."""

import json

from moto.codepipeline.models import codepipeline_backends
from moto.s3.models import s3_backends
from werkzeug.wrappers import Response

ACCOUNT = "123456789012"


def answer(service, operation, region, body):
    """The response to a call; None if another part answers it."""
    if (service, operation) != ("codepipeline", "ListActionExecutions"):
        return None
    asked = json.loads(body)
    name, execution = asked["pipelineName"], asked["filter"]["pipelineExecutionId"]
    pipeline, _ = codepipeline_backends[ACCOUNT][region].get_pipeline(name)
    bucket = pipeline["artifactStore"]["location"]
    prefix = f"{name}/{execution}/"
    keys = [key for key in s3_backends[ACCOUNT]["aws"].buckets[bucket].keys if key.startswith(prefix)]
    artifacts = [
        {"name": key.removeprefix(prefix).removesuffix(".zip"), "s3location": {"bucket": bucket, "key": key}} for key in keys
    ]
    found = {"actionExecutionDetails": [{"pipelineExecutionId": execution, "output": {"outputArtifacts": artifacts}}]}
    return Response(json.dumps(found), content_type="application/x-amz-json-1.1")
