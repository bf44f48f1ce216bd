package parity.world;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for what runs tasks later by way of the JDK's own threads.
 *
 * <p>Such a task is part of the fixture that has asked for it. Where that is over by then, the thread
 * is none of the fixture's in hand for as long as the task lasts.
 */
public final class Later {
  private Later() {}

  public static Executor delayedExecutor(long delay, TimeUnit unit) {
    return ofThisFixture(CompletableFuture.delayedExecutor(delay, unit));
  }

  public static Executor delayedExecutor(long delay, TimeUnit unit, Executor executor) {
    return ofThisFixture(CompletableFuture.delayedExecutor(delay, unit, executor));
  }

  private static Executor ofThisFixture(Executor executor) {
    return task -> {
      long fixture = World.number();
      executor.execute(
          () -> {
            if (World.number() == fixture) {
              task.run();
            } else {
              Threads.runLeft(task);
            }
          });
    };
  }
}
