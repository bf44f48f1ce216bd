package com.sable.moves;

import com.sable.moves.errors.Unavailable;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

/** Executions of the state machine that {@code SABLE_MACHINE} names. */
final class StepFunctionsExecutions implements Executions {
  private final SfnClient client;
  private final String machine;

  private StepFunctionsExecutions(SfnClient client, String machine) {
    this.client = client;
    this.machine = machine;
  }

  static Executions fromEnvironment() {
    String machine =
        Optional.ofNullable(System.getenv("SABLE_MACHINE"))
            .orElseThrow(() -> new IllegalStateException("SABLE_MACHINE is not set"));
    SfnClient client =
        SfnClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    return new StepFunctionsExecutions(client, machine);
  }

  @Override
  public void start(String workflow) {
    try {
      client.startExecution(
          start ->
              start
                  .stateMachineArn(machine)
                  .name(workflow)
                  .input(Json.text(Map.of("workflow", workflow))));
    } catch (ExecutionAlreadyExistsException known) {
      return; // its input was the same: the name
    } catch (SdkException silent) {
      throw new Unavailable(workflow + " is registered and not started yet: start it again");
    }
  }
}
