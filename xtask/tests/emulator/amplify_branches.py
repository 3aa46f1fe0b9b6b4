"""Branches of an Amplify app and their manual deployments: create, upload, start, and the job that follows.

Shapes, errors and job states follow https://docs.aws.amazon.com/amplify/latest/APIReference.
"""

import io
import time
import zipfile

from . import amplify_service
from .amplify_service import Refused

# How long a job runs, in seconds.
DURATION = 1.5
SETTINGS = {
    "description", "framework", "stage", "enableNotification", "enableAutoBuild", "enableBasicAuth",
    "basicAuthCredentials", "environmentVariables", "buildSpec", "ttl", "displayName", "enablePullRequestPreview",
    "enablePerformanceMode", "backend", "tags",
}  # fmt: skip
BLOCKING = ("PENDING", "RUNNING")

base = ""  # the emulator's own address, set by server.py


class Site:
    """A branch, its jobs and uploads, and the files that it serves."""

    def __init__(self, branch):
        self.branch, self.jobs, self.uploads, self.files = branch, {}, {}, {}


def operate(app, method, parts, given):
    """An operation on `/apps/ID/branches/…`; None if there is no such operation."""
    match (method, parts):
        case ("GET", []):
            return {"branches": [site.branch for site in app["sites"].values()]}
        case ("POST", []):
            return {"branch": create(app, given)}
        case ("GET", [name]):
            return {"branch": find(app, name).branch}
        case ("POST", [name]):
            return {"branch": update(find(app, name).branch, given)}
        case ("DELETE", [name]):
            return {"branch": delete(app, name)}
        case ("POST", [name, "deployments"]):
            return create_deployment(app, find(app, name), given)
        case ("POST", [name, "deployments", "start"]):
            return {"jobSummary": start_deployment(find(app, name), given)}
        case ("GET", [name, "jobs"]):
            jobs = reversed(refreshed(find(app, name)).jobs.values())
            return {"jobSummaries": [job["summary"] for job in jobs]}
        case ("GET", [name, "jobs", job_id]):
            return {"job": job(refreshed(find(app, name)), job_id)}
        case ("DELETE", [name, "jobs", job_id, "stop"]):
            return {"jobSummary": stop(refreshed(find(app, name)), job_id)}


def find(app, name):
    if name not in app["sites"]:
        raise Refused(404, "NotFoundException", f"Branch {name} not found.")
    return app["sites"][name]


def checked(given):
    unknown = set(given) - SETTINGS
    if unknown:
        raise Refused(501, "NotImplemented", f"settings of a branch that are not emulated: {', '.join(sorted(unknown))}")
    return given


def create(app, given):
    name, now = given.pop("branchName", ""), time.time()
    if name in app["sites"]:
        raise Refused(400, "BadRequestException", f"The branch name {name} already exists in the application")
    branch = {
        "branchArn": f"{app['app']['appArn']}/branches/{name}",
        "branchName": name,
        "description": "",
        "tags": {},
        "stage": "NONE",
        "displayName": name,
        "enableNotification": False,
        "createTime": now,
        "updateTime": now,
        "environmentVariables": {},
        "enableAutoBuild": True,
        "customDomains": [],
        "framework": "",
        "activeJobId": "0",
        "totalNumberOfJobs": "0",
        "enableBasicAuth": False,
        "ttl": "5",
        "enablePullRequestPreview": False,
    } | checked(given)
    app["sites"][name] = Site(branch)
    return branch


def update(branch, given):
    branch.update(checked(given), updateTime=time.time())
    return branch


def delete(app, name):
    branch = find(app, name).branch
    del app["sites"][name]
    return branch


def create_deployment(app, site, given):
    if any(job["summary"]["status"] in BLOCKING for job in refreshed(site).jobs.values()):
        text = f"The branch {site.branch['branchName']} already has pending or running jobs"
        raise Refused(400, "LimitExceededException", text)
    if given.get("fileMap"):
        raise Refused(501, "NotImplemented", "a deployment with fileMap is not emulated")
    job_id = str(len(site.jobs) + 1)
    site.branch["totalNumberOfJobs"] = job_id
    site.jobs[job_id] = {
        "summary": {
            "jobArn": f"{site.branch['branchArn']}/jobs/{job_id.zfill(10)}",
            "jobId": job_id,
            "commitId": "",
            "commitMessage": "",
            "commitTime": time.time(),
            "startTime": time.time(),
            "status": "PENDING",
            "jobType": "MANUAL",
        },
        "steps": [],
    }
    path = f"upload/{app['app']['appId']}/{site.branch['branchName']}/{job_id}"
    return {"jobId": job_id, "fileUploadUrls": {}, "zipUploadUrl": f"{base}/{path}"}


def upload(app, name, job_id, body):
    find(app, name).uploads[job_id] = body


def start_deployment(site, given):
    if given.get("sourceUrl"):
        raise Refused(501, "NotImplemented", "a deployment with sourceUrl is not emulated")
    summary = job(refreshed(site), given.get("jobId"))["summary"]
    if summary["status"] != "PENDING":
        raise Refused(400, "BadRequestException", f"The job {summary['jobId']} has the status {summary['status']}")
    summary.update(status="RUNNING", startTime=time.time())
    return summary


def job(site, job_id):
    if job_id not in site.jobs:
        raise Refused(404, "NotFoundException", f"Job {job_id} not found.")
    return site.jobs[job_id]


def stop(site, job_id):
    summary = job(site, job_id)["summary"]
    if summary["status"] not in BLOCKING:
        raise Refused(400, "BadRequestException", f"The job {job_id} has the status {summary['status']}")
    summary.update(status="CANCELLED", endTime=time.time())
    return summary


def refreshed(site):
    """The site, after ending the jobs whose time has passed."""
    for job_id, found in site.jobs.items():
        summary = found["summary"]
        if summary["status"] == "RUNNING" and time.time() > summary["startTime"] + DURATION:
            files = unpacked(site.uploads.get(job_id))
            summary.update(status="FAILED" if files is None else "SUCCEED", endTime=time.time())
            if files is not None:
                site.files, site.branch["activeJobId"] = files, job_id
    return site


def unpacked(upload):
    try:
        archive = zipfile.ZipFile(io.BytesIO(upload or b""))
    except zipfile.BadZipFile:
        return None
    return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


amplify_service.branches = operate
