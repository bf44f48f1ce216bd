package parity.world;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads of the JDK that serve whoever asks, in whatever fixture: of the common pool, below virtual
 * threads, and those that start what is scheduled.
 *
 * <p>They outlive fixtures and are nobody's own. Where a call has taken all of a kind for good, no
 * later one is served.
 */
final class Serving {
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  private Serving() {}

  /** Whether a thread serves all fixtures. */
  static boolean serves(Thread thread) {
    return pool(thread) != null || schedules(thread);
  }

  /** Whether those that are at work leave a kind of which none is there to serve. */
  static boolean isTaken(Collection<Thread> atWork) {
    Map<ForkJoinPool, Integer> taken = new HashMap<>();
    for (Thread thread : atWork) {
      ForkJoinPool pool = pool(thread);
      if (pool != null && taken.merge(pool, 1, Integer::sum) >= pool.getParallelism()) {
        return true;
      } else if (pool == null && schedules(thread) && !waitsForItsTime(thread)) {
        return true;
      }
    }
    return false;
  }

  /** The pool that a thread works for, if all fixtures share it. */
  private static ForkJoinPool pool(Thread thread) {
    if (thread instanceof ForkJoinWorkerThread worker) {
      ForkJoinPool pool = worker.getPool();
      return isCarrier(thread) || pool == ForkJoinPool.commonPool() ? pool : null;
    }
    return null;
  }

  /** Whether it is a shared pool's, and that has tasks which wait for the next thread to take them. */
  static boolean isWanted(Thread thread) {
    ForkJoinPool pool = pool(thread);
    return pool != null && (pool.hasQueuedSubmissions() || pool.getQueuedTaskCount() > 0);
  }

  /** Whether a thread of a pool has nothing to do, which is known without a look at its stack. */
  static boolean waitsInPool(Thread thread) {
    return thread instanceof ForkJoinWorkerThread worker
        && LockSupport.getBlocker(thread) == worker.getPool();
  }

  /** Whether virtual threads run on it. */
  static boolean isCarrier(Thread thread) {
    return thread.getClass().getName().equals(CARRIER);
  }

  /** Whether it starts what the JDK's time-outs and sleeping virtual threads wait for. */
  static boolean schedules(Thread thread) {
    String name = thread.getName();
    return thread.getClass().getName().equals("java.util.concurrent.DelayScheduler")
        || name.equals("CompletableFutureDelayScheduler") // before JDK 25
        || name.startsWith("VirtualThread-unparker");
  }

  private static boolean waitsForItsTime(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (!Threads.isOfJdk(frame.getClassName())) {
        return false;
      }
    }
    return true;
  }
}
