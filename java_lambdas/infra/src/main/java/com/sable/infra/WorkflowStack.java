package com.sable.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnDeletionPolicy;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachine;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachineAlias;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachineVersion;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.LogLevel;
import software.amazon.awscdk.services.stepfunctions.LogOptions;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/**
 * BatchMoveEndpoint. A version of it calls versions of its functions, so that its alias shifts both
 * by degrees, and goes back with both.
 */
final class WorkflowStack extends Stack {
  private static final int CANARY_PERCENT = 10;
  private static final int CANARY_MINUTES = 30;

  final StateMachine machine;

  WorkflowStack(
      Construct scope, String id, StackProps props, StorageStack storage, String definition) {
    super(scope, id, props);
    Map<String, String> substitutions = new LinkedHashMap<>();
    for (Step step : Step.STEPS) {
      substitutions.put(
          step.name() + "Function",
          StringParameter.valueForStringParameter(this, step.parameter()));
    }
    substitutions.put("ClaimsBucket", storage.claims.getBucketName());
    Role role =
        Role.Builder.create(this, "MachineRole")
            .assumedBy(new ServicePrincipal("states.amazonaws.com"))
            .build();
    machine =
        StateMachine.Builder.create(this, Names.MACHINE)
            .stateMachineName(Names.MACHINE)
            .stateMachineType(StateMachineType.STANDARD)
            .definitionBody(DefinitionBody.fromFile(definition))
            .definitionSubstitutions(substitutions)
            .role(role)
            .tracingEnabled(true)
            .logs(
                LogOptions.builder()
                    .destination(
                        Logged.group(this, "Log", "/aws/vendedlogs/states/" + Names.MACHINE))
                    .level(LogLevel.ALL)
                    .includeExecutionData(false)
                    .build())
            .build();
    rights(role, storage);
    CfnStateMachineAlias alias = deploy();
    CfnOutput.Builder.create(this, "StateMachine").value(alias.getRef()).build();
  }

  /** Executions that run call the versions of their own day: any version, of its own steps only. */
  private void rights(Role role, StorageStack storage) {
    role.addToPolicy(
        allow(
            List.of("lambda:InvokeFunction"),
            Step.STEPS.stream()
                .map(step -> arn("lambda", "function", step.functionName() + ":*"))
                .toList()));
    role.addToPolicy(
        allow(
            List.of("s3:GetObject", "s3:PutObject"), List.of(storage.claims.arnForObjects("*"))));
    role.addToPolicy(allow(List.of("states:StartExecution"), List.of(arn("states", "stateMachine", Names.MACHINE))));
    role.addToPolicy(
        allow(
            List.of("states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"),
            List.of(arn("states", "execution", Names.MACHINE + "*"))));
    Reasons.allow(
        role,
        "AwsSolutions-IAM5",
        List.of(
            Reasons.EVERYTHING,
            Reasons.CLAIMS,
            Reasons.matching("^Resource::arn:.*:function:Sable-[A-Za-z]+:\\*$"),
            Reasons.matching("^Resource::arn:.*:execution:" + Names.MACHINE + "\\*$")),
        "Executions in flight call older versions; children of a Map have executions, and claims"
            + " have keys, that are named while it runs; delivery of logs and traces knows no resources.");
  }

  /** A version of what is deployed, and the alias that shifts to it as long as no alarm says no. */
  private CfnStateMachineAlias deploy() {
    CfnStateMachineVersion version =
        CfnStateMachineVersion.Builder.create(this, "Version")
            .stateMachineArn(machine.getStateMachineArn())
            .stateMachineRevisionId(
                ((CfnStateMachine) machine.getNode().getDefaultChild())
                    .getAttrStateMachineRevisionId())
            .build();
    version.getCfnOptions().setDeletionPolicy(CfnDeletionPolicy.RETAIN);
    version.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
    List<Alarm> alarms =
        List.of(
            gate("ExecutionsFailed", machine.metricFailed(SUM)),
            gate("ExecutionsTimedOut", machine.metricTimedOut(SUM)));
    CfnStateMachineAlias alias =
        CfnStateMachineAlias.Builder.create(this, "Live")
            .name(Names.LIVE)
            .description("What callers start")
            .deploymentPreference(
                CfnStateMachineAlias.DeploymentPreferenceProperty.builder()
                    .stateMachineVersionArn(version.getAttrArn())
                    .type("CANARY")
                    .percentage(CANARY_PERCENT)
                    .interval(CANARY_MINUTES)
                    .alarms(alarms.stream().map(Alarm::getAlarmName).toList())
                    .build())
            .build();
    alarms.forEach(alarm -> alias.getNode().addDependency(alarm));
    return alias;
  }

  private static final MetricOptions SUM =
      MetricOptions.builder().statistic(Stats.SUM).period(Duration.minutes(1)).build();

  private Alarm gate(String name, Metric metric) {
    return Alarm.Builder.create(this, name)
        .alarmName(Names.MACHINE + "-" + name)
        .alarmDescription("A deployment of BatchMoveEndpoint goes back while this is on.")
        .metric(metric)
        .threshold(1)
        .evaluationPeriods(1)
        .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
        .treatMissingData(TreatMissingData.NOT_BREACHING)
        .build();
  }

  private String arn(String service, String kind, String name) {
    return "arn:%s:%s:%s:%s:%s:%s"
        .formatted(getPartition(), service, getRegion(), getAccount(), kind, name);
  }

  private static PolicyStatement allow(List<String> actions, List<String> resources) {
    return PolicyStatement.Builder.create().actions(actions).resources(resources).build();
  }
}
