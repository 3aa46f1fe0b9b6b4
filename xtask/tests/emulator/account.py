"""The plan and quotas of an account in which nothing prevents a deployment, the versions of Aurora in its region, and its
CodeCommit repositories, which moto does not list."""

import json

from moto.codecommit.models import codecommit_backends
from werkzeug.wrappers import Response

BUILDS = [f"Concurrently running builds for Linux/{size} environment" for size in ("Small", "Medium", "Large")]
VERSIONS = """<DescribeDBEngineVersionsResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
<DescribeDBEngineVersionsResult><DBEngineVersions><DBEngineVersion>
<Engine>aurora-postgresql</Engine><EngineVersion>17.9</EngineVersion>
<ServerlessV2FeaturesSupport><MinCapacity>0</MinCapacity><MaxCapacity>256</MaxCapacity></ServerlessV2FeaturesSupport>
</DBEngineVersion></DBEngineVersions></DescribeDBEngineVersionsResult></DescribeDBEngineVersionsResponse>"""

ANSWERS = {
    "GetAccountPlanState": {"accountId": "123456789012", "accountPlanType": "PAID", "accountPlanStatus": "ACTIVE"},
    "ListServiceQuotas": {"Quotas": [{"QuotaName": name, "Value": 5.0} for name in BUILDS]},
    "GetServiceQuota": {"Quota": {"Value": 5.0}},
    # The CDK looks for the call that made a deployment fail.
    "LookupEvents": {"Events": []},
}


def answer(service, operation, region):
    """The response to a call; None if another part answers it."""
    if (service, operation) == ("codecommit", "ListRepositories"):
        names = codecommit_backends["123456789012"][region].repositories
        found = {"repositories": [{"repositoryName": name} for name in names]}
        return Response(json.dumps(found), content_type="application/x-amz-json-1.1")
    if service in ("cloudtrail", "freetier", "servicequotas"):
        return Response(json.dumps(ANSWERS[operation]), content_type="application/x-amz-json-1.1")
    if (service, operation) == ("rds", "DescribeDBEngineVersions"):
        return Response(VERSIONS, content_type="text/xml")
    return None
