"""Custom resources whose functions do not run here, because they are in Python or need more of the AWS SDK than is installed: this
does what they do, as far as a backend made by `npm create amplify` needs it.
"""

import io
import zipfile

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.stepfunctions.models import StateMachine

from . import resources


TABLE, DEPLOYMENT = "Custom::AmplifyDynamoDBTable", "Custom::CDKBucketDeployment"


def bucket_deployment(request, properties, account, region):
    """Puts the contents of archives into a bucket. A deletion leaves them: another resource deletes the bucket's objects."""
    if "SourceMarkers" in properties or "DestinationBucketKeyPrefix" in properties:
        resources.on_unsupported(f"markers or a prefix of {DEPLOYMENT}")
    archives, arn = ("SourceBucketNames", "SourceObjectKeys"), "DestinationBucketArn"
    store, bucket = s3_backends[account]["aws"], properties["DestinationBucketName"]
    for source, key in zip(*(properties[name] for name in archives), strict=True) if request != "Delete" else ():
        archive = zipfile.ZipFile(io.BytesIO(store.get_object(source, key).value))
        for name in archive.namelist():
            store.put_object(bucket, name, archive.read(name))
    return result(f"aws.cdk.s3deployment.{bucket}", {arn: properties.get(arn)})


def table(request, properties, account, region):
    """Creates a table, or deletes it. The function that runs on AWS updates one, too."""
    name, tables = properties["tableName"], dynamodb_backends[account][region]
    if request == "Create":
        tables.create_table(name, **settings(properties))
    elif request == "Delete":
        return result(name, {"TableArn": tables.delete_table(name).table_arn})
    else:
        resources.on_unsupported(f"an update of {TABLE}")
    made = tables.get_table(name)
    stream = made.get_cfn_attribute("StreamArn")
    return result(name, {"TableName": name, "TableArn": made.table_arn, "TableStreamArn": stream})


def settings(properties):
    """The properties as moto names them."""
    if "globalSecondaryIndexes" in properties or "localSecondaryIndexes" in properties:
        resources.on_unsupported(f"an index of {TABLE}")
    streams = properties["streamSpecification"]["streamViewType"]
    capital = lambda part: {key[0].upper() + key[1:]: value for key, value in part.items()}
    return {
        "schema": [capital(part) for part in properties["keySchema"]],
        "attr": [capital(part) for part in properties["attributeDefinitions"]],
        "throughput": properties.get("provisionedThroughput"),
        "billing_mode": properties.get("billingMode", "PROVISIONED"),
        "streams": {"StreamEnabled": True, "StreamViewType": streams},
        "global_indexes": [],
        "indexes": [],
        "sse_specification": None,
        "tags": [],
        "deletion_protection_enabled": properties["deletionProtectionEnabled"],
        "warm_throughput": None,
    }


def result(physical_id, data):
    return {"Status": "SUCCESS", "PhysicalResourceId": physical_id, "Data": data}


KINDS = {TABLE: table, DEPLOYMENT: bucket_deployment}


# The machine that waits for the tables on AWS.

LONGEST_NAME = 80


def create_machine(cls, resource_name, cloudformation_json, account_id, region_name, **others):
    """CloudFormation shortens the names that it generates."""
    return created(resource_name[-LONGEST_NAME:].lstrip("-"), cloudformation_json, account_id, region_name, **others)


created = StateMachine.create_from_cloudformation_json
StateMachine.create_from_cloudformation_json = classmethod(create_machine)
