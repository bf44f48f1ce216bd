"""A local AWS that runs real Java handlers, and boto3's door to it and to AWS."""
