"""Access to S3 buckets: bucket policies, ownership of objects, and 403 or 404 for missing objects.

moto stores the objects. It is not given the policies, because it would enforce a Deny without evaluating its condition. They
restrict services, visitors, and what another account writes, but not users and roles of the account that owns the bucket. The
policies of users and roles are not evaluated.
"""

import fnmatch

from moto.core.common_models import CloudFormationModel
from moto.iam.models import get_account_id_from, iam_backends
from moto.s3.models import FakeBucket, s3_backends

from . import resources
from .resources import Resource

# Of new buckets, since April 2023.
DEFAULT_OWNERSHIP = "BucketOwnerEnforced"
LONGEST_NAME = 63

policies = {}


class BucketPolicy(Resource, CloudFormationModel):
    TYPE = "AWS::S3::BucketPolicy"

    def create(self):
        policies[self.properties["Bucket"]] = self
        return self.properties["Bucket"]

    @classmethod
    def remove(cls, physical_id, account, region):
        policies.pop(physical_id, None)

    def statements(self):
        return as_list(self.properties["PolicyDocument"]["Statement"])


def create_bucket(cls, resource_name, cloudformation_json, *arguments, **others):
    """Also keeps the versions and the ownership of objects, which moto's CloudFormation ignores, and shortens generated names."""
    if "BucketName" not in cloudformation_json.get("Properties", {}):
        resource_name = resource_name[-LONGEST_NAME:].lstrip("-").lower()
    bucket = created(resource_name, cloudformation_json, *arguments, **others)
    bucket.versioning_status = cloudformation_json.get("Properties", {}).get("VersioningConfiguration", {}).get("Status")
    rules = cloudformation_json.get("Properties", {}).get("OwnershipControls", {}).get("Rules", [])
    bucket.ownership_rule = {"Rules": rules or [{"ObjectOwnership": DEFAULT_OWNERSHIP}]}
    return bucket


created = FakeBucket.create_from_cloudformation_json
FakeBucket.create_from_cloudformation_json = classmethod(create_bucket)


def find(account, name):
    return s3_backends[account]["aws"].buckets.get(name)


def accepts_lists(bucket):
    """Whether access control lists have an effect, which CloudFront's legacy standard logging needs."""
    return bucket.ownership_rule["Rules"][0]["ObjectOwnership"] != DEFAULT_OWNERSHIP


def as_list(value):
    return value if isinstance(value, list) else [value]


def allows(bucket, action, resource, caller, context):
    """Whether a bucket's policy allows an action for a service or an account, or for anyone if none is given. A Deny takes
    precedence."""
    statements = policies[bucket].statements() if bucket in policies else []
    effects = [it["Effect"] for it in statements if applies(it, action, resource, caller, context)]
    return "Allow" in effects and "Deny" not in effects


def applies(statement, action, resource, caller, context):
    unknown = set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
    if unknown:
        resources.on_unsupported(f"{', '.join(sorted(unknown))} in a bucket policy")
    principal = statement["Principal"]
    is_anybody = principal == "*" or principal == {"AWS": "*"}
    return (
        (is_anybody or any(caller in as_list(principal.get(kind, [])) for kind in ("Service", "AWS")))
        and any(fnmatch.fnmatchcase(action.lower(), it.lower()) for it in as_list(statement["Action"]))
        and any(fnmatch.fnmatchcase(resource, it) for it in as_list(statement["Resource"]))
        and all(holds(*condition, context) for condition in statement.get("Condition", {}).items())
    )


def holds(operator, wanted, context):
    for key, values in wanted.items():
        if key.lower() not in context or operator not in ("Bool", "StringEquals", "ArnEquals", "ArnLike"):
            resources.on_unsupported(f"{operator} with {key} in a bucket policy")
            return False
        found = context[key.lower()]
        if not any(fnmatch.fnmatchcase(found, it) if operator == "ArnLike" else found == it for it in as_list(values)):
            return False
    return True


def read(account, bucket, key, service, context):
    """The status of a GetObject, and the object or the code of the error. Without the right to list, a missing object is 403."""
    found, arn = find(account, bucket), f"arn:aws:s3:::{bucket}"
    if found is None:
        return 404, "NoSuchBucket"
    if not allows(bucket, "s3:GetObject", f"{arn}/{key}", service, context):
        return 403, "AccessDenied"
    stored = s3_backends[account]["aws"].get_object(bucket, key)
    if stored is not None:
        return 200, stored
    may_list = allows(bucket, "s3:ListBucket", arn, service, context)
    return (404, "NoSuchKey") if may_list else (403, "AccessDenied")


def refuses_write(request, key):
    """The status, code and message of the error of a PutObject or CopyObject, if S3 refuses it: a bucket does not exist, has
    another owner than the request says, or belongs to another account than the access key, and its policy does not allow it."""
    denied = 403, "AccessDenied", "Access Denied"
    name, _, object_key = request.path.lstrip("/").partition("/")
    source = request.headers.get("x-amz-copy-source", "").lstrip("/").split("/")[0]
    for bucket, header in ((name, "x-amz-expected-bucket-owner"), (source, "x-amz-source-expected-bucket-owner")):
        expected = request.headers.get(header)
        if expected is not None and owner(bucket) is None:
            return 404, "NoSuchBucket", "The specified bucket does not exist"
        if expected is not None and expected != owner(bucket):
            return denied
    account = get_account_id_from(key)
    if object_key and owner(name) not in (None, account):
        keys = iam_backends[account]["aws"].access_keys
        role = keys[key].role_arn if key in keys else ""
        context = {"aws:securetransport": "true", "aws:principalarn": role}
        caller, resource = f"arn:aws:iam::{account}:root", f"arn:aws:s3:::{name}/{object_key}"
        if not allows(name, "s3:PutObject", resource, caller, context):
            return denied
    return None


def add_version(request, response):
    """Adds the version of a copy, which moto leaves out, to the response."""
    name, _, key = request.path.lstrip("/").partition("/")
    if "x-amz-copy-source" in request.headers and response.status_code == 200:
        found = find(owner(name), name)
        if found.versioning_status:
            response.headers["x-amz-version-id"] = found.keys[key].version_id


def owner(bucket):
    """The account that owns a bucket; None if there is none."""
    _, account = s3_backends.bucket_accounts.get(bucket, (None, None))
    return account
