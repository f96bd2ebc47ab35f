"""The operations that only read, by name: the one list that --read-only and "may it be repeated" go by."""

from __future__ import annotations

READING = frozenset(
    {
        "iam:ListAccountAliases",
        "lambda:GetAccountSettings",
        "lambda:GetAlias",
        "lambda:GetEventSourceMapping",
        "lambda:GetFunction",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetFunctionRecursionConfig",
        "lambda:GetFunctionUrlConfig",
        "lambda:GetPolicy",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:GetRuntimeManagementConfig",
        "lambda:ListAliases",
        "lambda:ListEventSourceMappings",
        "lambda:ListFunctionUrlConfigs",
        "lambda:ListFunctions",
        "lambda:ListLayerVersions",
        "lambda:ListProvisionedConcurrencyConfigs",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetLogRecord",
        "logs:GetQueryResults",
        "logs:StartLiveTail",
        "logs:StartQuery",
        "logs:StopQuery",
        "sqs:GetQueueUrl",
        "sts:GetCallerIdentity",
        # What botocore itself calls to sign in: they give credentials and change nothing.
        "signin:CreateOAuth2Token",
        "sso-oidc:CreateToken",
        "sso:GetRoleCredentials",
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
    }
)

_PERMISSIONS = {"lambda:Invoke": "lambda:InvokeFunction", "lambda:InvokeWithResponseStream": "lambda:InvokeFunction"}


def only_reads(service: str, operation: str) -> bool:
    """Whether an operation leaves everything as it is. What is not listed is taken to change something."""
    return f"{service}:{operation}" in READING


def permission_of(service: str, operation: str) -> str:
    """The IAM action that an operation needs; most have its name."""
    name = f"{service}:{operation}"
    return _PERMISSIONS.get(name, name)
