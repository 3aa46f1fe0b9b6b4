"""CloudFormation resource types that publishing needs and moto lacks, and reports of types that neither supports. The
types for the infrastructure are in infrastructure.py, those that serve a page in buckets.py and distributions.py.
"""

import os
import random
import string

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

# Called with each unknown resource type in a template. moto creates resources during a request and also after it.
on_unsupported = print

# The resource type whose first creation fails.
refused = {os.environ.get("EMULATOR_REFUSES")}


def refuse_once(resource_type):
    if resource_type in refused:
        refused.remove(resource_type)
        raise RuntimeError("Internal error reported from downstream service during operation 'CreatePipeline'.")


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


class CdkMetadata(Resource, CloudFormationModel):
    """The versions of the constructs, for AWS's statistics."""

    TYPE = "AWS::CDK::Metadata"
