package com.sable.infra;

import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/** What outlives a deployment: the table, the bucket of claims, and who read the bucket. */
final class StorageStack extends Stack {
  /** An execution takes 7 days at most, and its claims are read until it ends. */
  private static final int CLAIM_DAYS = 14;

  private static final int ACCESS_LOG_DAYS = 90;

  final Table table;
  final Bucket claims;

  StorageStack(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    table =
        Table.Builder.create(this, "Table")
            .partitionKey(key("pk"))
            .sortKey(key("sk"))
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .encryption(TableEncryption.AWS_MANAGED)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder()
                    .pointInTimeRecoveryEnabled(true)
                    .build())
            .deletionProtection(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    Bucket accesses = bucket("AccessLogs", ACCESS_LOG_DAYS).build();
    claims =
        bucket("ClaimsBucket", CLAIM_DAYS)
            .serverAccessLogsBucket(accesses)
            .serverAccessLogsPrefix("claims/")
            .build();
    CfnOutput.Builder.create(this, "TableName").key("Table").value(table.getTableName()).build();
    CfnOutput.Builder.create(this, "ClaimsName")
        .key("Claims")
        .value(claims.getBucketName())
        .build();
  }

  private static Attribute key(String name) {
    return Attribute.builder().name(name).type(AttributeType.STRING).build();
  }

  private Bucket.Builder bucket(String id, int days) {
    return Bucket.Builder.create(this, id)
        .encryption(BucketEncryption.S3_MANAGED)
        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
        .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
        .enforceSsl(true)
        .lifecycleRules(
            List.of(
                LifecycleRule.builder()
                    .id("expire")
                    .expiration(Duration.days(days))
                    .abortIncompleteMultipartUploadAfter(Duration.days(1))
                    .build()))
        .removalPolicy(RemovalPolicy.RETAIN);
  }
}
