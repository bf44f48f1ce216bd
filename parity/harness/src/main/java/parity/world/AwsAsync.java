package parity.world;

import java.util.concurrent.CompletableFuture;

/** Stands in for what asynchronous clients of the AWS SDK hand their operations to. */
public final class AwsAsync {
  private static final String HANDLER =
      "software.amazon.awssdk.core.client.handler.AsyncClientHandler";

  private AwsAsync() {}

  public static CompletableFuture<?> execute(Object handler, Object parameters) {
    if (!Outside.has("aws")) {
      return (CompletableFuture<?>) Aws.real(HANDLER, handler, parameters);
    }
    try {
      return CompletableFuture.completedFuture(new AwsCall(parameters).answered());
    } catch (RuntimeException error) {
      return CompletableFuture.failedFuture(error);
    }
  }

  public static CompletableFuture<?> execute(
      Object handler, Object parameters, Object transformer) {
    if (!Outside.has("aws")) {
      return (CompletableFuture<?>) Aws.real(HANDLER, handler, parameters, transformer);
    }
    try {
      return new AwsCall(parameters).streamedLater(transformer);
    } catch (RuntimeException error) {
      return CompletableFuture.failedFuture(error);
    }
  }
}
