"""The AWS target: the ports over one account and region, through boto3. Nothing else imports boto3."""
