"""CloudFormation resource types that publishing needs and moto lacks, and the reporting of types that neither has. The
types for the infrastructure are in infrastructure.py.

A distribution is created in moto, so that its invalidations are real calls. A bucket policy is only recorded: moto would
enforce a Deny without evaluating its condition.
"""

import os
import random
import string
from datetime import timedelta

from moto.cloudformation import parsing
from moto.cloudfront.models import Invalidation, cloudfront_backends
from moto.core.common_models import CloudFormationModel
from moto.core.utils import utcnow

# Called with each unknown resource type in a template. moto creates resources during a request and also after it.
on_unsupported = print

known = parsing.resource_class_from_type


def resource_class_from_type(resource_type):
    # For the test of a deployment that omits a resource.
    if resource_type == os.environ.get("EMULATOR_SKIPS"):
        return None
    found = known(resource_type)
    if found is None and resource_type not in parsing.NULL_MODELS:
        on_unsupported(resource_type)
    return found


parsing.resource_class_from_type = resource_class_from_type


def letters(count):
    return "".join(random.choices(string.ascii_uppercase + string.digits, k=count))


class Resource:
    """Stores its properties and provides the attributes in `ATTRIBUTES`. moto only finds direct subclasses of its model."""

    TYPE = ""
    ATTRIBUTES = {}

    def __init__(self, name, properties, account, region):
        self.name, self.properties, self.account, self.region = name, properties, account, region
        self.id = self.create()

    def create(self):
        return self.name

    @property
    def physical_resource_id(self):
        return self.id

    @classmethod
    def cloudformation_name_type(cls):
        return None

    @classmethod
    def cloudformation_type(cls):
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in cls.ATTRIBUTES

    def get_cfn_attribute(self, attribute):
        return self.ATTRIBUTES[attribute](self)

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        return cls(resource_name, cloudformation_json.get("Properties", {}), account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, **_):
        original_resource.properties = cloudformation_json.get("Properties", {})
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        cls.remove(resource_name, account_id, region_name)

    @classmethod
    def remove(cls, physical_id, account, region):
        pass


def invalidation_status(invalidation):
    """The status as CloudFront reports it; moto reports COMPLETED immediately."""
    return "Completed" if utcnow() - invalidation.create_time > timedelta(seconds=1) else "InProgress"


Invalidation.status = property(invalidation_status, lambda invalidation, status: None)


class OriginAccessIdentity(Resource, CloudFormationModel):
    TYPE = "AWS::CloudFront::CloudFrontOriginAccessIdentity"
    ATTRIBUTES = {"S3CanonicalUserId": lambda self: "c" * 64, "Id": lambda self: self.id}

    def create(self):
        return "E" + letters(13)


class Distribution(Resource, CloudFormationModel):
    TYPE = "AWS::CloudFront::Distribution"
    ATTRIBUTES = {"DomainName": lambda self: self.distribution.domain_name, "Id": lambda self: self.id}

    def create(self):
        config = self.properties["DistributionConfig"]
        origin = config["Origins"][0]
        self.distribution, _, _ = cloudfront_backends[self.account]["aws"].create_distribution(
            {
                "CallerReference": letters(13),
                "Origins": {
                    "Items": [
                        {
                            "Id": origin["Id"],
                            "DomainName": origin["DomainName"],
                            "S3OriginConfig": origin.get("S3OriginConfig"),
                        }
                    ]
                },
                "DefaultCacheBehavior": {
                    "TargetOriginId": origin["Id"],
                    "ViewerProtocolPolicy": config["DefaultCacheBehavior"]["ViewerProtocolPolicy"],
                },
                "Comment": "",
                "Enabled": True,
                "DefaultRootObject": config.get("DefaultRootObject", ""),
            },
            [],
        )
        return self.distribution.distribution_id


class CdkMetadata(Resource, CloudFormationModel):
    """The versions of the constructs, for AWS's statistics."""

    TYPE = "AWS::CDK::Metadata"


class BucketPolicy(Resource, CloudFormationModel):
    TYPE = "AWS::S3::BucketPolicy"
