"""Which build of Waymark a worker runs, as operators see it beside each step of a history."""

from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import WorkerDeploymentConfig

DEPLOYMENT = "waymark"


def running(build: str) -> WorkerDeploymentConfig:
    """What a worker of this build says of itself.

    It is told, because the SDK would else hash the code of all modules at start-up, which takes half a second. Any
    worker may go on with any case (no worker versioning): histories must replay on each later version.
    """
    named = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    return WorkerDeploymentConfig(version=named, use_worker_versioning=False)
