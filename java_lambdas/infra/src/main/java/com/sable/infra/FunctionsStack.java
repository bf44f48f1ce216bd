package com.sable.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.VersionOptions;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.scheduler.CfnSchedule;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/** All functions, each with its versions, its alias, a role of its own and its log. */
final class FunctionsStack extends Stack {
  private static final int UNDELIVERED_DAYS = 14;

  /** Where invocations go that nobody waits for and that failed three times. */
  final Queue undelivered;

  final Map<String, Function> functions = new LinkedHashMap<>();
  final Map<String, Alias> aliases = new LinkedHashMap<>();

  private final NetworkStack network;
  private final StorageStack storage;
  private final Code code;

  FunctionsStack(
      Construct scope,
      String id,
      StackProps props,
      NetworkStack network,
      StorageStack storage,
      String packaged) {
    super(scope, id, props);
    this.network = network;
    this.storage = storage;
    code = Code.fromAsset(packaged);
    undelivered =
        Queue.Builder.create(this, "Undelivered")
            .encryption(QueueEncryption.SQS_MANAGED)
            .enforceSsl(true)
            .retentionPeriod(Duration.days(UNDELIVERED_DAYS))
            .build();
    Step.STEPS.forEach(this::make);
    Step.STEPS.forEach(this::tellVersion);
    Step.OPERATIONS.forEach(this::make);
    mayStart();
    sweep();
  }

  private void make(Step step) {
    LogGroup log = Logged.group(this, step.name() + "Log", "/aws/lambda/" + step.functionName());
    Role role = role(step, log);
    Function.Builder function =
        Function.Builder.create(this, step.name())
            .functionName(step.functionName())
            .description(step.handlerClass())
            .runtime(Runtime.JAVA_17)
            .architecture(Architecture.ARM_64)
            .handler(step.handler())
            .code(code)
            .memorySize(Step.MEMORY)
            .timeout(Duration.seconds(step.seconds()))
            .role(role)
            .environment(environment(step))
            .vpc(network.vpc)
            .vpcSubnets(
                SubnetSelection.builder().subnetType(SubnetType.PRIVATE_ISOLATED).build())
            .securityGroups(List.of(network.functions))
            .logGroup(log)
            .tracing(Tracing.ACTIVE)
            .currentVersionOptions(
                VersionOptions.builder().removalPolicy(RemovalPolicy.RETAIN).build());
    if (step.waited()) {
      function.snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS);
    }
    if (step.reserved() > 0) {
      function.reservedConcurrentExecutions(step.reserved());
    }
    if (step.equals(Step.SWEEP)) {
      function.deadLetterQueue(undelivered);
    }
    Function made = function.build();
    Reasons.allow(
        made,
        "AwsSolutions-L1",
        "The port is compiled for Java 17 and judged on it; a newer runtime is a change by itself.");
    functions.put(step.name(), made);
    aliases.put(
        step.name(),
        Alias.Builder.create(this, step.name() + "Live")
            .aliasName(Names.LIVE)
            .version(made.getCurrentVersion())
            .build());
    reasons(role, step);
  }

  /** What all functions may, and what this one needs: no managed policy, no table at large. */
  private Role role(Step step, LogGroup log) {
    Role role =
        Role.Builder.create(this, step.name() + "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    log.grantWrite(role);
    role.addToPolicy(
        allow(
            List.of(
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses",
                "ec2:UnassignPrivateIpAddresses"),
            List.of("*")));
    String table = storage.table.getTableArn();
    if (step.table() != Step.Table.NOTHING) {
      role.addToPolicy(
          allow(
              List.of("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"),
              List.of(table)));
    }
    if (step.table() == Step.Table.WRITES || step.table() == Step.Table.COUNTS) {
      role.addToPolicy(
          allow(List.of("dynamodb:PutItem", "dynamodb:ConditionCheckItem"), List.of(table)));
    }
    if (step.table() == Step.Table.COUNTS) {
      role.addToPolicy(allow(List.of("dynamodb:UpdateItem"), List.of(table)));
    }
    if (step.claims()) {
      role.addToPolicy(
          allow(
              List.of("s3:GetObject", "s3:PutObject"),
              List.of(storage.claims.arnForObjects("*"))));
      role.addToPolicy(
          allow(List.of("s3:ListBucket"), List.of(storage.claims.getBucketArn())));
    }
    return role;
  }

  private void reasons(Role role, Step step) {
    Reasons.allow(
        role,
        "AwsSolutions-IAM5",
        List.of(Reasons.EVERYTHING),
        "Network interfaces are made before they have names, and traces have none.");
    if (step.claims()) {
      Reasons.allow(
          role,
          "AwsSolutions-IAM5",
          List.of(Reasons.CLAIMS),
          "Claims have keys of their own in a bucket that holds nothing else.");
    }
  }

  private Map<String, String> environment(Step step) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("SABLE_TABLE", storage.table.getTableName());
    if (step.claims()) {
      variables.put("CLAIMS_HANDLER", step.handlerClass());
      variables.put("CLAIMS_BUCKET", storage.claims.getBucketName());
      variables.put("CLAIMS_OVER", Step.CLAIMS_OVER);
    }
    if (step.equals(Step.START)) {
      variables.put("SABLE_MACHINE", machine("stateMachine", ":" + Names.LIVE));
    }
    return variables;
  }

  /** The state machine comes after its functions, so that one of them knows it by name only. */
  private String machine(String kind, String more) {
    return "arn:%s:states:%s:%s:%s:%s%s"
        .formatted(getPartition(), getRegion(), getAccount(), kind, Names.MACHINE, more);
  }

  private void mayStart() {
    functions
        .get(Step.START.name())
        .addToRolePolicy(
            allow(
                List.of("states:StartExecution"),
                List.of(machine("stateMachine", ""), machine("stateMachine", ":" + Names.LIVE))));
  }

  /**
   * The version that a state machine of the next deployment calls. It is a parameter, not an
   * export: an export cannot change while another stack imports it.
   */
  private void tellVersion(Step step) {
    StringParameter.Builder.create(this, step.name() + "Version")
        .parameterName(step.parameter())
        .description("The version of the function that BatchMoveEndpoint is deployed with")
        .stringValue(functions.get(step.name()).getCurrentVersion().getFunctionArn())
        .build();
  }

  private void sweep() {
    Alias target = aliases.get(Step.SWEEP.name());
    Role role =
        Role.Builder.create(this, "SweepRole")
            .assumedBy(new ServicePrincipal("scheduler.amazonaws.com"))
            .build();
    role.addToPolicy(allow(List.of("lambda:InvokeFunction"), List.of(target.getFunctionArn())));
    role.addToPolicy(allow(List.of("sqs:SendMessage"), List.of(undelivered.getQueueArn())));
    CfnSchedule.Builder.create(this, "Sweep")
        .description("Deletes copies that moves had to leave behind.")
        .scheduleExpression("rate(1 minute)")
        .flexibleTimeWindow(CfnSchedule.FlexibleTimeWindowProperty.builder().mode("OFF").build())
        .target(
            CfnSchedule.TargetProperty.builder()
                .arn(target.getFunctionArn())
                .roleArn(role.getRoleArn())
                .deadLetterConfig(
                    CfnSchedule.DeadLetterConfigProperty.builder()
                        .arn(undelivered.getQueueArn())
                        .build())
                .retryPolicy(
                    CfnSchedule.RetryPolicyProperty.builder()
                        .maximumEventAgeInSeconds(60)
                        .maximumRetryAttempts(1)
                        .build())
                .build())
        .build();
    CfnOutput.Builder.create(this, "StartFunction")
        .value(aliases.get(Step.START.name()).getFunctionArn())
        .build();
  }

  private static PolicyStatement allow(List<String> actions, List<String> resources) {
    return PolicyStatement.Builder.create().actions(actions).resources(resources).build();
  }
}
