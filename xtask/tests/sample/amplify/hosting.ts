// The page on a bucket and a CloudFront distribution of this project, instead of on Amplify Hosting. `backend.ts` adds it
// if xtask.toml has `hosting = "cloudfront"`; `cargo xtask publish` uploads the page.

import { Aws, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  BucketPolicy,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';

/**
 * The domain of an environment, and its certificate in us-east-1. Without them, the page has CloudFront's own domain and
 * certificate, with which CloudFront also accepts TLS 1.0 and 1.1.
 */
const DOMAINS: Readonly<Record<string, { readonly name: string; readonly certificate: string }>> = {
  // prod: { name: 'rooms.example.com', certificate: 'arn:aws:acm:us-east-1:111122223333:certificate/…' },
};

/** The sources that the built page needs: nothing inline, and nothing from another origin. Its icon is a data URL. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The errors that CloudFront caches for ten seconds by default, even those of the API, and most of them despite `no-store`. */
const KEPT_ERRORS = [404, 414, 500, 501, 502, 503, 504];

/** A bucket's name has at most 63 characters: `-page-`, the account, a hyphen and the longest region leave this many. */
const LONGEST_PREFIX = 30;

export interface Hosting {
  readonly bucket: string;
  readonly distribution: string;
  readonly domain: string;
}

/** Adds the hosting, with the API at the page's own origin, and returns what `publish` needs to upload a page. */
export function addHosting(stack: Stack, project: string, environment: string, api: FunctionUrl): Hosting {
  const bucket = pageBucket(stack, `${project}-${environment}`);
  const headers = securityHeaders(stack);
  const distribution = new Distribution(stack, 'Distribution', {
    comment: `${project}, ${environment}`,
    ...domainOf(stack, environment),
    defaultRootObject: 'index.html',
    httpVersion: HttpVersion.HTTP2_AND_3,
    defaultBehavior: {
      // With the right to list the bucket, S3 returns 404 for a missing object. Otherwise, it returns 403.
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      }),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: asTheObjectSays(stack),
      responseHeadersPolicy: headers,
    },
    additionalBehaviors: {
      '/api/*': {
        // Not signed: a signature would require clients to send the hash of each body.
        origin: new FunctionUrlOrigin(api),
        // The only set of methods that includes POST.
        allowedMethods: AllowedMethods.ALLOW_ALL,
        // A redirect would lose the body.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // A function's URL only accepts its own host name.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        responseHeadersPolicy: headers,
      },
    },
    errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    logBucket: logBucket(stack),
  });
  if (!(bucket instanceof Bucket)) {
    protect(bucket, distribution);
  }
  return {
    bucket: bucket.bucketName,
    distribution: distribution.distributionId,
    domain: distribution.distributionDomainName,
  };
}

/**
 * The bucket's name is fixed, so that the publishing role (infra/) has rights on this bucket alone. A deleted backend leaves
 * it behind: then, `cargo xtask publish` sets PAGE_BUCKET.
 */
function pageBucket(stack: Stack, prefix: string): IBucket {
  if (prefix.length > LONGEST_PREFIX) {
    throw new Error(`the page's bucket needs a shorter name: "${prefix}" has more than ${LONGEST_PREFIX} characters`);
  }
  const bucketName = `${prefix}-page-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
  if (process.env.PAGE_BUCKET === 'existing') {
    return Bucket.fromBucketName(stack, 'Page', bucketName);
  }
  return new Bucket(stack, 'Page', {
    bucketName,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    // CloudFormation can't delete a bucket with objects, and emptying it would take another function, with rights to delete.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/** The policy of a bucket that exists, which was deleted with the earlier backend: the one that the CDK gives to a new bucket. */
function protect(bucket: IBucket, distribution: Distribution): void {
  const everything = [bucket.bucketArn, bucket.arnForObjects('*')];
  const ofDistribution = { StringEquals: { 'AWS:SourceArn': distribution.distributionArn } };
  // The same path as the policy of a new bucket, and so the same resource.
  const { document } = new BucketPolicy(bucket, 'Policy', { bucket });
  document.addStatements(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:*'],
      resources: everything,
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
      actions: ['s3:GetObject', 's3:ListBucket'],
      resources: everything,
      conditions: ofDistribution,
    }),
  );
}

/**
 * Standard logging of the older kind (v1): the newer one has to be declared in us-east-1, wherever the backend is. Only v1
 * needs access control lists.
 */
function logBucket(stack: Stack): Bucket {
  return new Bucket(stack, 'AccessLog', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/** Caches an object for as long as its `Cache-Control` specifies, and asks S3 each time if it has none. */
function asTheObjectSays(stack: Stack): CachePolicy {
  return new CachePolicy(stack, 'Cache', {
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.days(365),
    enableAcceptEncodingBrotli: true,
    enableAcceptEncodingGzip: true,
  });
}

function securityHeaders(stack: Stack): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(stack, 'Headers', {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(365),
        // Policies for other hosts of the domain are not decided by this page.
        includeSubdomains: false,
        override: true,
      },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
    },
  });
}

function domainOf(
  stack: Stack,
  environment: string,
): Pick<DistributionProps, 'domainNames' | 'certificate' | 'minimumProtocolVersion'> {
  const domain = DOMAINS[environment];
  if (domain === undefined) {
    return {};
  }
  return {
    domainNames: [domain.name],
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', domain.certificate),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  };
}
