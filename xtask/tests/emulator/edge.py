"""CloudFront's responses for distributions, at https://ID.cloudfront.net on AWS: behaviors, the cache, origins, headers.

There is one edge, without TLS: requests count as https unless they have the header X-Emulator-Scheme. Caching follows
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html and HTTPStatusCodes.html.
"""

import fnmatch
import gzip
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moto.core.utils import utcnow
from werkzeug.wrappers import Response

from . import buckets, distributions, functions, resources
from .distributions import ALL_VIEWER_EXCEPT_HOST, CACHING_DISABLED, NO_CACHE, CachePolicy, ResponseHeadersPolicy

# In seconds, unless the distribution specifies another value.
ERROR_TTL = 10
# Always cached. The statuses in the second line honor no-store, no-cache and private.
CACHED_ERRORS = (404, 410, 414, 500, 501, 502, 503, 504)
YIELDING_ERRORS = (404, 410, 414, 501)
# The sizes of objects that CloudFront compresses, in bytes.
COMPRESSIBLE = range(1000, 10_000_001)
TEXT = re.compile(r"^(text/|application/(javascript|json|xml|manifest\+json)|image/svg\+xml)")

DENIED = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{0}</Code><Message>{0}</Message></Error>"""


@dataclass
class Entry:
    """A response of an origin, when it was stored and until when it is fresh."""

    status: int
    headers: dict
    body: bytes
    stored: datetime = field(default_factory=utcnow)
    expires: datetime = datetime.min


def find(host):
    return next((it for it in distributions.distributions.values() if host in it.hosts()), None)


def is_host(host):
    return host.endswith(".cloudfront.net") or find(host) is not None


def answer(host, request):
    distribution = find(host)
    if distribution is None or str(distribution.config["Enabled"]).lower() != "true":
        return refused("Bad request. We can't connect to the server for this app or website at this time.")
    behavior = next(it for it in distribution.behaviors() if fnmatch.fnmatchcase(request.path, it.get("PathPattern", "*")))
    if "CachePolicyId" not in behavior:
        resources.on_unsupported("a request to a distribution without a cache policy")
    scheme, policy = request.headers.get("X-Emulator-Scheme", "https"), behavior["ViewerProtocolPolicy"]
    if scheme == "http" and policy == "redirect-to-https":
        return Response(status=301, headers={"Location": f"https://{host}{request.full_path.rstrip('?')}"})
    if scheme == "http" and policy == "https-only":
        return refused("Bad request.")
    if request.method not in behavior.get("AllowedMethods", ["GET", "HEAD"]):
        return refused("This distribution is not configured to allow the HTTP request method that was used for this request.")
    entry, outcome = fetched(distribution, behavior, request)
    return response(behavior, request, entry, outcome)


def refused(message):
    """An error of CloudFront itself, without the headers of a policy."""
    headers = {"X-Cache": "Error from cloudfront", "Server": "CloudFront"}
    return Response(f"<H1>403 ERROR</H1>{message}", status=403, mimetype="text/html", headers=headers)


# --- the cache --------------------------------------------------------------------------------------------------------


def fetched(distribution, behavior, request):
    """The response from the cache or else from the origin, and CloudFront's name for the case."""
    if request.method not in ("GET", "HEAD"):
        return from_origin(distribution, behavior, request, None), "Miss"
    path, policy = request.path, cache_policy(behavior)
    # A policy that caches has no query strings, cookies or headers here: they are not part of the key, and not
    # forwarded.
    key = (path, request.query_string if policy["MaxTTL"] == 0 else b"")
    known = distribution.cache.get(key)
    if known is not None and distribution.invalidated(path, known.stored):
        distribution.cache.pop(key, None)
        known = None
    if known is not None and utcnow() < known.expires:
        return known, "Error" if known.status >= 400 else "Hit"
    entry = from_origin(distribution, behavior, request, known.headers.get("ETag") if known else None)
    outcome = "Error" if entry.status >= 400 else "Miss"
    if entry.status == 304:
        entry, outcome = Entry(known.status, known.headers, known.body), "RefreshHit"
    seconds = lifetime(distribution, policy, entry)
    distribution.cache.pop(key, None)
    if seconds is not None:
        entry.expires = entry.stored + timedelta(seconds=seconds)
        distribution.cache[key] = entry
    return entry, outcome


def cache_policy(behavior):
    policy = behavior["CachePolicyId"]
    return NO_CACHE if policy == CACHING_DISABLED else CachePolicy.all[policy].config


def lifetime(distribution, policy, entry):
    """For how many seconds a response is fresh, or None if it is not stored."""
    said = {}
    for part in entry.headers.get("Cache-Control", "").lower().split(","):
        name, _, value = part.strip().partition("=")
        said[name] = value
    age, is_private = said.get("s-maxage", said.get("max-age")), bool({"no-store", "no-cache", "private"} & set(said))
    if entry.status >= 400:
        return error_lifetime(distribution, policy, entry.status, age, is_private)
    if "no-store" in said and policy["MinTTL"] == 0:
        return None
    wanted = 0 if is_private else policy["DefaultTTL"] if age is None else int(age)
    return max(policy["MinTTL"], min(policy["MaxTTL"], wanted))


def error_lifetime(distribution, policy, status, age, is_private):
    if (status not in CACHED_ERRORS and age is None) or (status in YIELDING_ERRORS and is_private):
        return None
    configured = distribution.config.get("CustomErrorResponses", [])
    shortest = next((it["ErrorCachingMinTTL"] for it in configured if it["ErrorCode"] == status), ERROR_TTL)
    return max(shortest, min(policy["MaxTTL"], int(age or 0)))


# --- origins ----------------------------------------------------------------------------------------------------------


def from_origin(distribution, behavior, request, etag):
    origin = next(it for it in distribution.config["Origins"] if it["Id"] == behavior["TargetOriginId"])
    if "S3OriginConfig" in origin:
        return from_bucket(distribution, origin, request, etag)
    host, policy = origin["DomainName"], behavior.get("OriginRequestPolicyId")
    if origin["CustomOriginConfig"]["OriginProtocolPolicy"] != "https-only" or host not in functions.urls:
        resources.on_unsupported(f"the origin {host}, over anything but https, or that is no function's URL")
    if policy is None:
        resources.on_unsupported("a function's URL as an origin without an origin request policy")
    # A function's URL refuses other host names.
    name = host if policy == ALL_VIEWER_EXCEPT_HOST else request.host
    sent = functions.forwarded(request, request.path, request.query_string.decode(), without=["host"])
    found = functions.answer(name, sent)
    return Entry(found.status_code, dict(found.headers), found.get_data())


def from_bucket(distribution, origin, request, etag):
    """Gets an object, as CloudFront if the origin has an access control, otherwise anonymously."""
    path = f"/{distribution.config.get('DefaultRootObject', '')}" if request.path == "/" else request.path
    bucket = origin["DomainName"].partition(".s3.")[0]
    is_signed = "OriginAccessControlId" in origin
    context = {"aws:securetransport": "true", "aws:sourcearn": distribution.arn if is_signed else ""}
    service = "cloudfront.amazonaws.com" if is_signed else None
    status, found = buckets.read(distribution.account, bucket, path[1:], service, context)
    if status != 200:
        return Entry(status, {"Content-Type": "application/xml"}, DENIED.format(found).encode())
    if etag is not None and etag == found.etag:
        return Entry(304, {}, b"")
    names = {"content-type", "cache-control", "content-encoding", "content-disposition", "content-language"}
    headers = {name.title(): value for name, value in found.metadata.items() if name.lower() in names}
    return Entry(200, {"ETag": found.etag, "Last-Modified": found.last_modified_RFC1123} | headers, found.value)


# --- the response -----------------------------------------------------------------------------------------------------


def response(behavior, request, entry, outcome):
    answered = Response(entry.body, status=entry.status, headers=entry.headers)
    answered.headers["X-Cache"] = f"{outcome} from cloudfront"
    if outcome in ("Hit", "RefreshHit"):
        answered.headers["Age"] = str(int((utcnow() - entry.stored).total_seconds()))
    compress(behavior, request, answered)
    if "ResponseHeadersPolicyId" in behavior:
        config = ResponseHeadersPolicy.all[behavior["ResponseHeadersPolicyId"]].config
        for name, value, override in security_headers(config["SecurityHeadersConfig"]):
            if override or name not in answered.headers:
                answered.headers[name] = value
    if request.if_none_match and answered.status_code == 200:
        answered.make_conditional(request)
    return answered


def compress(behavior, request, answered):
    parameters = cache_policy(behavior)["ParametersInCacheKeyAndForwardedToOrigin"]
    if (
        behavior.get("Compress")
        and parameters.get("EnableAcceptEncodingGzip")
        and "gzip" in request.accept_encodings
        and "Content-Encoding" not in answered.headers
        and TEXT.match(answered.headers.get("Content-Type", ""))
        and len(answered.get_data()) in COMPRESSIBLE
    ):
        answered.set_data(gzip.compress(answered.get_data()))
        answered.headers["Content-Encoding"] = "gzip"
        answered.headers["Vary"] = "Accept-Encoding"


def security_headers(config):
    """The name and the value of each header, and whether it replaces that of the origin."""
    if given := config.get("ContentSecurityPolicy"):
        yield "Content-Security-Policy", given["ContentSecurityPolicy"], given["Override"]
    if given := config.get("ContentTypeOptions"):
        yield "X-Content-Type-Options", "nosniff", given["Override"]
    if given := config.get("FrameOptions"):
        yield "X-Frame-Options", given["FrameOption"], given["Override"]
    if given := config.get("ReferrerPolicy"):
        yield "Referrer-Policy", given["ReferrerPolicy"], given["Override"]
    if given := config.get("StrictTransportSecurity"):
        more = "; includeSubDomains" if given.get("IncludeSubdomains") else ""
        more += "; preload" if given.get("Preload") else ""
        yield "Strict-Transport-Security", f"max-age={given['AccessControlMaxAgeSec']}{more}", given["Override"]
