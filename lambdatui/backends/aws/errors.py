"""Translates what boto3 raises into core's errors: once, by exact code."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore import exceptions as boto

from lambdatui.backends.aws.operations import permission_of
from lambdatui.backends.aws.sign_in import Profile
from lambdatui.core.errors import (
    ClockOff,
    Conflict,
    CredentialsExpired,
    Denied,
    InvalidInput,
    MayHaveRun,
    NotFound,
    Throttled,
    Unreachable,
    WorkbenchError,
)
from lambdatui.core.target import AwsPlace
from lambdatui.core.text import clean


@dataclass(frozen=True, slots=True)
class Call:
    """What was called when it failed. `changes`: it is more than a question, so a lost answer matters."""

    service: str
    operation: str
    place: AwsPlace
    profile: Profile
    changes: bool


_THROTTLED = frozenset(
    {
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "LimitExceededException",
        "EC2ThrottledException",
    }
)
_DENIED = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
_UNKNOWN_KEY = frozenset(
    {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "MissingAuthenticationTokenException"}
)
_BAD_SIGNATURE = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})
_CLOCK_OFF = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
_NOT_FOUND = frozenset({"ResourceNotFoundException", "ProvisionedConcurrencyConfigNotFoundException", "NoSuchEntity"})
_CONFLICT = {
    "ResourceConflictException": "The function is being changed, or not active yet: wait a moment, then try again",
    "PreconditionFailedException": "Somebody else changed it since it was read: look at it again",
    "ResourceInUseException": "It is in use: wait a moment, then try again",
    "OperationAbortedException": "Something else changes it right now: wait a moment, then try again",
}
_INVALID = {
    "InvalidParameterValueException": "",
    "InvalidParameterException": "",
    "MalformedQueryException": "",
    "ValidationException": "",
    "CodeStorageExceededException": "Delete versions that nobody needs",
    "CodeVerificationFailedException": "",
    "InvalidCodeSignatureException": "",
    "InvalidRequestContentException": "The event is not the JSON that Lambda takes",
    "RequestTooLargeException": "The event is larger than this invocation type takes",
    "UnsupportedMediaTypeException": "The event is not the JSON that Lambda takes",
}
_NOTHING_RAN = {
    # Lambda's own codes for "the environment could not be made": the request arrived, no code of the function ran.
    "EC2AccessDeniedException": "The function's role lacks ec2:CreateNetworkInterface and its like for the VPC",
    "EC2UnexpectedException": "EC2 failed while the VPC was set up: see the error code, then try again",
    "EFSIOException": "The function could not read or write its file system",
    "EFSMountConnectivityException": "No network path to the file system: look at its security groups and subnets",
    "EFSMountFailureException": "The file system could not be mounted: look at its access point and the role",
    "EFSMountTimeoutException": "The file system did not answer in time: look at its load and security groups",
    "ENILimitReachedException": "The account's limit of network interfaces is reached: raise it, or free some",
    "InvalidRuntimeException": "The runtime is not supported any more: choose a newer one",
    "InvalidSecurityGroupIDException": "A security group of the function's VPC settings is gone",
    "InvalidSubnetIDException": "A subnet of the function's VPC settings is gone",
    "InvalidZipFileException": "Lambda could not unzip the deployment package: deploy it again",
    "KMSAccessDeniedException": "The function's role lacks kms:Decrypt on the key of its environment",
    "KMSDisabledException": "The KMS key of the environment is disabled: enable it",
    "KMSInvalidStateException": "The KMS key of the environment is not usable in its state",
    "KMSNotFoundException": "The KMS key of the environment is gone",
    "NoPublishedVersionException": "Publish a version first: this function is invoked by version",
    "RecursiveInvocationException": "Lambda stopped a loop: the function was called by what it wrote to",
    "ResourceNotReadyException": "The function is inactive and waking up: try again in a minute",
    "SerializedRequestEntityTooLargeException": "The event is too large once it is encoded",
    "SnapStartException": "The snapshot could not be restored: see the function's log of the restore",
    "SnapStartNotReadyException": "The snapshot is being made: try again when the version is active",
    "SnapStartTimeoutException": "Restoring the snapshot took too long: look at the restore hooks",
    "SnapStartRegenerationFailureException": "The snapshot could not be made again: publish a new version",
    "DurableExecutionAlreadyStartedException": "An execution of that name exists: choose another name",
    "CodeArtifactUserDeletedException": "The function's code was deleted: deploy it again",
    "CodeArtifactUserFailedException": "The function's code could not be prepared: deploy it again",
    "CodeArtifactUserPendingException": "The function's code is still being prepared: try again in a minute",
    "ENINotReadyException": "The network interface is not ready yet: try again in a minute",
    "ModeNotSupportedException": "This function can't be invoked in this way",
    "RuntimeAliasDeletedException": "The runtime that the function is pinned to is gone: choose another",
    "RuntimeVersionDeletedException": "The runtime version that the function is pinned to is gone: choose another",
    "S3FilesMountConnectivityException": "No network path to the bucket's file system: look at its security groups",
    "S3FilesMountFailureException": "The bucket's file system could not be mounted: look at the role",
    "S3FilesMountTimeoutException": "The bucket's file system did not answer in time",
    "ServiceQuotaExceededException": "A quota of the account is used up: raise it in Service Quotas",
    "SubnetIPAddressLimitReachedException": "The subnets have no free address: add a subnet to the VPC settings",
}
# Nothing was sent, or nobody listened.
_NOT_SENT = (boto.ConnectTimeoutError, boto.EndpointConnectionError, boto.ProxyConnectionError)
_NO_ANSWER = (boto.HTTPClientError, boto.ResponseStreamingError, boto.IncompleteReadError)
_SIGNED_OUT = (
    boto.UnauthorizedSSOTokenError,
    boto.SSOTokenLoadError,
    boto.TokenRetrievalError,
    boto.NoAuthTokenError,
    boto.LoginError,
    boto.RefreshWithMFAUnsupportedError,
)
LONGEST = 2_000
"""Characters that are kept of what somebody else says."""
_OF_ANOTHER_TIME = ("Signature expired: ", "Signature not yet current: ")
_STAMP = re.compile(r"\b\d{8}T\d{6}Z")
_PERFORM = re.compile(r"is not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)")


def aws_code(error: WorkbenchError) -> str:
    """AWS's own code behind `error`, such as "PreconditionFailedException"; "" when AWS did not answer."""
    cause = error.__cause__
    return _code(cause) if isinstance(cause, boto.ClientError) else ""


def translated(error: Exception, call: Call) -> WorkbenchError:
    """What `error` means to the user. Raise it `from error`: `aws_code` reads the cause."""
    if isinstance(error, boto.ClientError):
        return _answered(error, call)
    if isinstance(error, boto.SSLError):
        refused = _caused_by(error, ssl.SSLCertVerificationError)
        return _not_reached(error, call) if refused else _lost(error, call)
    if isinstance(error, _NOT_SENT):
        return _not_reached(error, call)
    if isinstance(error, _NO_ANSWER):
        return _lost(error, call)
    return _not_asked(error, call) or _lost(error, call)


def _answered(error: boto.ClientError, call: Call) -> WorkbenchError:
    code, message = _code(error), _message(error)
    detail = f"{code}: {message}" if message else code
    if code in _EXPIRED:
        return _signed_out(detail, call)
    if code in _THROTTLED:
        return _throttled(error, code, detail)
    if code in _DENIED:
        return _denied(message, detail, call)
    if code in _UNKNOWN_KEY:
        return Denied("AWS does not know this access key", detail, f"It may be deleted. {call.profile.remedy}.")
    if code in _CLOCK_OFF or (code in _BAD_SIGNATURE and message.startswith(_OF_ANOTHER_TIME)):
        return _clock_off(message, detail)
    if code in _BAD_SIGNATURE:
        return Denied("AWS refused the signature", detail, "The secret key is wrong, or something changed the request.")
    if code in _NOT_FOUND:
        return NotFound(message or "Not found", code)
    return _refused(error, code, message, call)


def _refused(error: boto.ClientError, code: str, message: str, call: Call) -> WorkbenchError:
    if code in _CONFLICT:
        return Conflict(message or code, code if message else "", _CONFLICT[code])
    if code in _INVALID:
        return InvalidInput(message or code, code if message else "", _INVALID[code])
    if code in _NOTHING_RAN:
        return WorkbenchError(f"Lambda could not run it: {code}", message, _NOTHING_RAN[code])
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500 and call.changes:
        return MayHaveRun(f"AWS failed: {code}", message, "Nobody knows whether it ran: look at the logs first.")
    if status >= 500:
        return Unreachable(f"AWS failed: {code}", message, "Try again: it is AWS's own trouble.")
    return WorkbenchError(f"{call.service}:{call.operation} was refused", f"{code}: {message}" if message else code)


def _throttled(error: boto.ClientError, code: str, detail: str) -> Throttled:
    body: Mapping[str, Any] = error.response  # the stub does not know the fields of each error
    reason = str(body.get("Reason") or "")
    headers = body.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    retry_after_s = _seconds(headers.get("retry-after") or body.get("retryAfterSeconds"))
    hint = "" if retry_after_s is None else f"Try again in {retry_after_s:g} s."
    if not reason:  # the title has the code already
        detail = detail.removeprefix(f"{code}: ")
        hint = hint or "Others use up what the account may ask for in this region: try again in a minute."
    if reason == "ReservedFunctionConcurrentInvocationLimitExceeded":
        hint = f"The function's reserved concurrency is used up, or 0. {hint}".strip()
    title = f"Throttled: {reason or code}"
    return Throttled(title, detail, hint, reason=reason or code, retry_after_s=retry_after_s)


def _denied(message: str, detail: str, call: Call) -> Denied:
    named = _PERFORM.search(message)
    permission = named[1] if named else permission_of(call.service, call.operation)
    who = f" for profile {call.profile.asked}" if call.profile.asked else ""
    hint = f"Ask for the permission {permission}{who}."
    return Denied(f"Not permitted: {permission}", detail, hint, permission=permission)


def _signed_out(detail: str, call: Call) -> CredentialsExpired:
    whose = f" of profile {call.profile.asked}" if call.profile.asked else ""
    return CredentialsExpired(
        f"The credentials{whose} expired", detail, call.profile.remedy, command=call.profile.command
    )


def _clock_off(message: str, detail: str) -> ClockOff:
    """By how much is told where AWS's words hold both times: that of the signature first, its own last."""
    stamps = [datetime.strptime(stamp, "%Y%m%dT%H%M%S%z") for stamp in _STAMP.findall(message)]
    off_s = (stamps[0] - stamps[-1]).total_seconds() if len(stamps) > 1 else 0.0
    wrong = f"{abs(off_s) / 60:,.0f} minutes {'fast' if off_s > 0 else 'slow'}" if abs(off_s) >= 60 else "wrong"
    hint = "Set it: timedatectl set-ntp true, or chronyc makestep"
    return ClockOff(f"This machine's clock is {wrong}", detail, hint)


def _not_reached(error: Exception, call: Call) -> Unreachable:
    where = call.place.endpoint_url or f"AWS {call.service} in {call.place.region}"
    return Unreachable(f"{where} can't be reached", _text(error), "Nothing was sent. Is the network up?")


def _lost(error: Exception, call: Call) -> WorkbenchError:
    if call.changes:
        return MayHaveRun(
            "The request was sent and its answer was lost: it may have run",
            _text(error),
            "It is not sent again by itself: look at the logs first.",
        )
    return Unreachable(f"No usable answer to {call.service}:{call.operation}", _text(error), "Try again.")


def _not_asked(error: Exception, call: Call) -> WorkbenchError | None:
    """What went wrong before a request was made; None when it is not that."""
    profile = call.profile
    match error:
        case boto.ProfileNotFound():
            others = ", ".join(profile.others) or "none"
            return InvalidInput(f"There is no profile {profile.asked}", f"Those in {profile.config_file}: {others}.")
        case boto.NoCredentialsError() | boto.PartialCredentialsError():
            return CredentialsExpired(
                "There are no AWS credentials", _text(error), "Run: aws configure, or aws configure sso, or aws login"
            )
        case boto.NoRegionError():
            return InvalidInput("No AWS region is named", hint="--region NAME, or AWS_REGION")
        case boto.MissingDependencyException():
            return CredentialsExpired(
                "This way to sign in needs another package", _text(error), "Run: pip install 'botocore[crt]'"
            )
        case boto.CredentialRetrievalError() | boto.MetadataRetrievalError() | boto.SSOError():
            return _signed_out(_text(error), call)
        case boto.ParamValidationError():
            return InvalidInput(f"{call.service}:{call.operation} takes no such values", _text(error))
        case boto.ConfigParseError() | boto.InvalidConfigError() | boto.InfiniteLoopConfigError():
            return InvalidInput("AWS's own settings can't be used", _text(error))
        case boto.InvalidRegionError() | boto.UnknownEndpointError() | boto.EndpointProviderError():
            return InvalidInput("There is no such region or endpoint", _text(error))
    if isinstance(error, _SIGNED_OUT):
        return _signed_out(_text(error), call)
    # A parser of botocore's met an answer that is none; before a call there is no operation.
    return InvalidInput("AWS's own settings can't be used", _text(error)) if not call.operation else None


def _code(error: boto.ClientError) -> str:
    return clean(str(error.response.get("Error", {}).get("Code") or "Unknown")).strip()


def _message(error: boto.ClientError) -> str:
    body: Mapping[str, Any] = error.response
    return " ".join(clean(str(body.get("Error", {}).get("Message") or body.get("message") or "")).split())


def _text(error: Exception) -> str:
    return " ".join(clean(str(error) or type(error).__name__).split())[:LONGEST]


def _seconds(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether `kind` is in the chain, also where urllib3 keeps it as an argument."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, kind):
            return True
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__cause__, one.__context__, *one.args, getattr(one, "kwargs", {}).get("error")]
    return False
