package com.sable.infra;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.dynamodb.Operation;
import software.amazon.awscdk.services.dynamodb.SystemErrorsForOperationsMetricOptions;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/** What somebody is woken by, and what they look at then. */
final class ObservabilityStack extends Stack {
  private static final int WIDTH = 12;

  private final SnsAction onCall;

  ObservabilityStack(
      Construct scope,
      String id,
      StackProps props,
      StorageStack storage,
      FunctionsStack functions,
      WorkflowStack workflow) {
    super(scope, id, props);
    Topic topic = Topic.Builder.create(this, "OnCall").enforceSsl(true).build();
    onCall = new SnsAction(topic);
    Metric failed = workflow.machine.metricFailed(sum());
    Metric undelivered = functions.undelivered.metricApproximateNumberOfMessagesVisible(most());
    IMetric broken =
        storage.table.metricSystemErrorsForOperations(
            SystemErrorsForOperationsMetricOptions.builder()
                .operations(List.of(Operation.GET_ITEM, Operation.PUT_ITEM, Operation.QUERY))
                .period(Duration.minutes(5))
                .build());
    wake("WorkflowFailed", "An execution ended with moves left open: start it again.", failed, 1);
    wake("Undelivered", "The sweep of leftovers failed three times.", undelivered, 1);
    wake("TableErrors", "DynamoDB fails.", broken, 5);
    List<IMetric> throttles = new ArrayList<>();
    List<IMetric> durations = new ArrayList<>();
    List<IMetric> errors = new ArrayList<>();
    for (Step step : Step.STEPS) {
      var function = functions.functions.get(step.name());
      throttles.add(function.metricThrottles(sum()));
      errors.add(function.metricErrors(sum()));
      durations.add(function.metricDuration(most()));
    }
    for (Step step : Step.STEPS.stream().filter(one -> one.reserved() > 0).toList()) {
      wake(
          step.name() + "Throttled",
          "More moves at once than " + step.name() + " has reserved.",
          functions.functions.get(step.name()).metricThrottles(sum()),
          100);
    }
    List<IMetric> ends =
        List.of(
            workflow.machine.metricStarted(sum()),
            workflow.machine.metricSucceeded(sum()),
            failed,
            workflow.machine.metricTimedOut(sum()));
    Dashboard.Builder.create(this, "Dashboard")
        .dashboardName(Names.MACHINE)
        .widgets(
            List.of(
                List.of(graph("Executions", ends), graph("Not delivered", List.of(undelivered))),
                List.of(graph("Errors by step", errors), graph("Longest by step", durations)),
                List.of(graph("Throttled by step", throttles), graph("Table", List.of(broken)))))
        .build();
    CfnOutput.Builder.create(this, "OnCallTopic").value(topic.getTopicArn()).build();
  }

  private void wake(String name, String description, IMetric metric, int threshold) {
    Alarm.Builder.create(this, name)
        .alarmName("Sable-" + name)
        .alarmDescription(description)
        .metric(metric)
        .threshold(threshold)
        .evaluationPeriods(1)
        .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
        .treatMissingData(TreatMissingData.NOT_BREACHING)
        .build()
        .addAlarmAction(onCall);
  }

  private static IWidget graph(String title, List<IMetric> metrics) {
    return GraphWidget.Builder.create().title(title).width(WIDTH).left(metrics).build();
  }

  private static MetricOptions sum() {
    return MetricOptions.builder().statistic(Stats.SUM).period(Duration.minutes(5)).build();
  }

  private static MetricOptions most() {
    return MetricOptions.builder().statistic(Stats.MAXIMUM).period(Duration.minutes(5)).build();
  }
}
