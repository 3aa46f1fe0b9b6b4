"""CloudFront's resource types and invalidations. edge.py serves the distributions.

A distribution is created in moto, so that its invalidations are real calls. Properties that edge.py does not emulate are
reported as unsupported, and those that CloudFront refuses are errors.
"""

import uuid
from datetime import timedelta

from moto.cloudfront.models import Invalidation, cloudfront_backends
from moto.core.common_models import CloudFormationModel
from moto.core.utils import utcnow

from . import buckets, resources
from .functions import Failed
from .resources import Resource, letters

# How long an invalidation takes.
DURATION = timedelta(seconds=1)

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and -origin-request-…
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

NO_CACHE = {"MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 0, "ParametersInCacheKeyAndForwardedToOrigin": {}}
METHODS = [
    {"GET", "HEAD"},
    {"GET", "HEAD", "OPTIONS"},
    {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"},
]

# The properties that a template may contain. Those with the value None are leaves.
NONE = {"CookieBehavior": None, "HeaderBehavior": None, "QueryStringBehavior": None}
CACHE_POLICY = {
    "Name": None,
    "Comment": None,
    "MinTTL": None,
    "DefaultTTL": None,
    "MaxTTL": None,
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "CookiesConfig": NONE,
        "HeadersConfig": NONE,
        "QueryStringsConfig": NONE,
        "EnableAcceptEncodingBrotli": None,
        "EnableAcceptEncodingGzip": None,
    },
}
ACCESS_CONTROL = {
    "Name": None,
    "Description": None,
    "OriginAccessControlOriginType": None,
    "SigningBehavior": None,
    "SigningProtocol": None,
}
HEADERS = {
    "Name": None,
    "Comment": None,
    "SecurityHeadersConfig": {
        "ContentSecurityPolicy": {"ContentSecurityPolicy": None, "Override": None},
        "ContentTypeOptions": {"Override": None},
        "FrameOptions": {"FrameOption": None, "Override": None},
        "ReferrerPolicy": {"ReferrerPolicy": None, "Override": None},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": None,
            "IncludeSubdomains": None,
            "Preload": None,
            "Override": None,
        },
    },
}
# The TTLs and forwarded values are from Gen 1, whose distributions edge.py does not serve.
BEHAVIOR = {
    "AllowedMethods": None,
    "CachePolicyId": None,
    "Compress": None,
    "DefaultTTL": None,
    "ForwardedValues": {"QueryString": None},
    "MaxTTL": None,
    "MinTTL": None,
    "OriginRequestPolicyId": None,
    "ResponseHeadersPolicyId": None,
    "TargetOriginId": None,
    "ViewerProtocolPolicy": None,
}
DISTRIBUTION = {
    "Aliases": None,
    "CacheBehaviors": BEHAVIOR | {"PathPattern": None},
    "Comment": None,
    "CustomErrorResponses": {
        "ErrorCachingMinTTL": None,
        "ErrorCode": None,
        "ResponseCode": None,
        "ResponsePagePath": None,
    },
    "DefaultCacheBehavior": BEHAVIOR,
    "DefaultRootObject": None,
    "Enabled": None,
    "HttpVersion": None,
    "IPV6Enabled": None,
    "Logging": {"Bucket": None, "Prefix": None},
    "Origins": {
        "CustomOriginConfig": {"OriginProtocolPolicy": None, "OriginSSLProtocols": None},
        "DomainName": None,
        "Id": None,
        "OriginAccessControlId": None,
        "S3OriginConfig": {"OriginAccessIdentity": None},
    },
    "ViewerCertificate": {"AcmCertificateArn": None, "MinimumProtocolVersion": None, "SslSupportMethod": None},
}


def check(kind, given, known, path=""):
    """Reports properties that are not emulated."""
    for part in given if isinstance(given, list) else [given]:
        for key in part:
            if key not in known:
                resources.on_unsupported(f"{path}{key} of {kind}")
            elif known[key] is not None:
                check(kind, part[key], known[key], f"{path}{key}.")


class Policy(Resource):
    """A resource that distributions refer to by its id."""

    ATTRIBUTES = {"Id": lambda self: self.id}
    CONFIG, KNOWN = "", {}
    all = {}

    def create(self):
        check(self.TYPE, self.config, self.KNOWN)
        made = self.new_id()
        self.all[made] = self
        return made

    def new_id(self):
        return str(uuid.uuid4())

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, **_):
        check(cls.TYPE, cloudformation_json["Properties"][cls.CONFIG], cls.KNOWN)
        original_resource.properties = cloudformation_json["Properties"]
        return original_resource

    @property
    def config(self):
        return self.properties[self.CONFIG]

    def delete(self, account, region):
        if any(self.id in it.policies() for it in distributions.values()):
            raise Failed(f"{self.TYPE} {self.id} is in use by a distribution")
        self.all.pop(self.id, None)


class CachePolicy(Policy, CloudFormationModel):
    TYPE, CONFIG, KNOWN = "AWS::CloudFront::CachePolicy", "CachePolicyConfig", CACHE_POLICY
    all = {}


class ResponseHeadersPolicy(Policy, CloudFormationModel):
    TYPE, CONFIG, KNOWN = "AWS::CloudFront::ResponseHeadersPolicy", "ResponseHeadersPolicyConfig", HEADERS
    all = {}


class OriginAccessControl(Policy, CloudFormationModel):
    TYPE, CONFIG, KNOWN = "AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig", ACCESS_CONTROL
    all = {}

    def new_id(self):
        return "E" + letters(13)


class OriginAccessIdentity(Resource, CloudFormationModel):
    TYPE = "AWS::CloudFront::CloudFrontOriginAccessIdentity"
    ATTRIBUTES = {"S3CanonicalUserId": lambda self: "c" * 64, "Id": lambda self: self.id}

    def create(self):
        return "E" + letters(13)


KNOWN_TO_MOTO = ("Id", "DomainName", "S3OriginConfig")
distributions = {}


class Distribution(Resource, CloudFormationModel):
    TYPE = "AWS::CloudFront::Distribution"
    ATTRIBUTES = {"DomainName": lambda self: self.domain, "Id": lambda self: self.id}

    def create(self):
        self.validate(self.config)
        origin = self.config["Origins"][0]
        made, _, _ = cloudfront_backends[self.account]["aws"].create_distribution(
            {
                "CallerReference": letters(13),
                "Origins": {"Items": [{key: origin[key] for key in KNOWN_TO_MOTO if key in origin}]},
                "DefaultCacheBehavior": {
                    "TargetOriginId": origin["Id"],
                    "ViewerProtocolPolicy": self.config["DefaultCacheBehavior"]["ViewerProtocolPolicy"],
                },
                "Comment": "",
                "Enabled": True,
                "DefaultRootObject": self.config.get("DefaultRootObject", ""),
            },
            [],
        )
        self.cache, self.domain = {}, made.domain_name
        distributions[made.distribution_id] = self
        return made.distribution_id

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, **_):
        original_resource.validate(cloudformation_json["Properties"]["DistributionConfig"])
        original_resource.properties = cloudformation_json["Properties"]
        return original_resource

    def delete(self, account, region):
        del distributions[self.id]
        cloudfront_backends[self.account]["aws"].delete_distribution(self.id, True)

    @property
    def config(self):
        return self.properties["DistributionConfig"]

    @property
    def arn(self):
        return f"arn:aws:cloudfront::{self.account}:distribution/{self.id}"

    def hosts(self):
        return [self.domain, *self.config.get("Aliases", [])]

    def behaviors(self):
        return [*self.config.get("CacheBehaviors", []), self.config["DefaultCacheBehavior"]]

    def policies(self):
        """The ids that it refers to."""
        keys = ("CachePolicyId", "ResponseHeadersPolicyId")
        used = {behavior.get(key) for behavior in self.behaviors() for key in keys}
        return used | {origin.get("OriginAccessControlId") for origin in self.config["Origins"]}

    def invalidated(self, path, since):
        """Whether a completed invalidation, or one that has completed since then, covers a path."""
        made = cloudfront_backends[self.account]["aws"].invalidations.get(self.id, [])
        completed = [it for it in made if since < it.create_time + DURATION <= utcnow()]
        return any(covers(pattern, path) for it in completed for pattern in it.paths)

    def validate(self, config):
        """Refuses what CloudFront refuses."""
        check(self.TYPE, config, DISTRIBUTION)
        for behavior in [*config.get("CacheBehaviors", []), config["DefaultCacheBehavior"]]:
            if set(behavior.get("AllowedMethods", ["GET", "HEAD"])) not in METHODS:
                raise Failed("The parameter AllowedMethods contains methods that are not allowed together")
            for key, known in (
                ("CachePolicyId", {CACHING_DISABLED, *CachePolicy.all}),
                ("OriginRequestPolicyId", {ALL_VIEWER, ALL_VIEWER_EXCEPT_HOST}),
                ("ResponseHeadersPolicyId", set(ResponseHeadersPolicy.all)),
            ):
                if key in behavior and behavior[key] not in known:
                    raise Failed(f"The specified {key} does not exist: {behavior[key]}")
            if behavior["TargetOriginId"] not in [origin["Id"] for origin in config["Origins"]]:
                raise Failed("One or more of your origins or origin groups do not exist.")
        self.validate_certificate(config)
        log = config.get("Logging", {}).get("Bucket", "").partition(".s3.")[0]
        bucket = buckets.find(self.account, log)
        if log and (bucket is None or not buckets.accepts_lists(bucket)):
            raise Failed("The S3 bucket that you specified for CloudFront logs does not enable ACL access")

    def validate_certificate(self, config):
        certificate = config.get("ViewerCertificate", {}).get("AcmCertificateArn")
        if config.get("Aliases") and not certificate:
            raise Failed("To add an alternate domain name (CNAME), you must attach a trusted certificate")
        if certificate and not certificate.startswith("arn:aws:acm:us-east-1:"):
            raise Failed("The specified SSL certificate doesn't exist, isn't in us-east-1 region, or isn't valid")


def covers(pattern, path):
    """A path of an invalidation is exact, apart from an asterisk at its end."""
    pattern = "/" + pattern.lstrip("/")
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def invalidation_status(invalidation):
    """The status as CloudFront reports it; moto reports COMPLETED immediately."""
    return "Completed" if utcnow() - invalidation.create_time > DURATION else "InProgress"


Invalidation.status = property(invalidation_status, lambda invalidation, status: None)
