package parity.world;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The threads that a subject starts, and those that are still at work when its call is over. */
public final class Threads {
  private static final long GRACE_NANOS = 100_000_000L;
  private static final long SHORT_GRACE_NANOS = 3_000_000L;
  private static final long SERVICE_NANOS = 1_000_000_000L; // about what a new JVM takes
  private static final long SOON_NANOS = 100_000L;
  private static final int FEW = 5;
  private static final int MANY = 64;
  private static final Set<Thread> LEFT =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private static final Map<Thread, WeakReference<Object>> IDLE =
      Collections.synchronizedMap(new WeakHashMap<>());
  private static final Set<Thread> OURS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private static final Set<Thread> LATE = ConcurrentHashMap.newKeySet();
  private static volatile boolean started;
  private static volatile boolean left;
  private static volatile boolean many;
  private static volatile boolean spoilt;

  private Threads() {}

  /** Called before whatever may start a thread. */
  public static void mayStart() {
    started = true;
  }

  /** Threads that live now are none of the next subject's, but for those that any may take. */
  public static void begin() {
    if (started || OURS.isEmpty()) {
      OURS.addAll(alive());
      OURS.removeAll(LEFT);
      OURS.removeIf(Serving::serves);
      started = left;
    }
  }

  /** The running thread is none of a subject's. */
  public static void own() {
    OURS.add(Thread.currentThread());
  }

  /** Whether what a thread is at is not the fixture's in hand, but that of an earlier one. */
  public static boolean isLeft(Thread thread) {
    return left && LEFT.contains(thread) || !LATE.isEmpty() && LATE.contains(thread);
  }

  /** Runs a task of an earlier fixture. */
  static void runLeft(Runnable task) {
    Thread thread = Thread.currentThread();
    boolean first = LATE.add(thread);
    try {
      task.run();
    } finally {
      if (first) {
        LATE.remove(thread);
      }
    }
  }

  /** After a call: threads still at work get a moment; those that go on are left. */
  public static void settle() {
    if (started) {
      settle(LEFT.size() < FEW ? GRACE_NANOS : SHORT_GRACE_NANOS);
    }
  }

  /**
   * After a fixture: whether it has taken what serves all later ones, for longer than a new JVM
   * takes.
   *
   * @param waiting what to tell that this still waits
   */
  public static boolean isSpoilt(Runnable waiting) {
    if (!left || !Serving.isTaken(atWork())) {
      return false;
    }
    long end = System.nanoTime() + SERVICE_NANOS;
    while (Serving.isTaken(atWork())) {
      if (System.nanoTime() > end) {
        spoilt = true;
        return true;
      }
      waiting.run();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return false;
  }

  private static List<Thread> atWork() {
    List<Thread> some;
    synchronized (LEFT) {
      some = new ArrayList<>(LEFT);
    }
    some.removeIf(thread -> !thread.isAlive() || !isAtWork(thread));
    return some;
  }

  /** After a batch: once more for all, also for those that were about to go on. */
  public static void settleAll() {
    if (started) {
      LockSupport.parkNanos(SHORT_GRACE_NANOS);
      LEFT.clear();
      settle(GRACE_NANOS);
    }
    for (Thread thread : alive()) {
      if (isOfJdk(thread) && !Serving.isCarrier(thread) && runsOther(thread)) {
        LEFT.add(thread);
        left = true;
      }
    }
  }

  private static void settle(long grace) {
    long end = System.nanoTime() + grace;
    List<Thread> busy = new ArrayList<>();
    int living = 0;
    for (Thread thread : alive()) {
      if (!OURS.contains(thread)) {
        living++;
        if (isAtWork(thread)) {
          busy.add(thread);
        }
      }
    }
    many |= living > MANY;
    LEFT.retainAll(busy);
    busy.removeAll(LEFT);
    for (Thread thread : busy) {
      if (!finishes(thread, end)) {
        LEFT.add(thread);
      }
    }
    left = !LEFT.isEmpty();
    if (left) {
      Settings.settled();
    }
  }

  private static boolean finishes(Thread thread, long end) {
    // A pool's thread looks around for a moment before it waits: that is not worth a sleep.
    long soon = System.nanoTime() + SOON_NANOS;
    while (System.nanoTime() < soon) {
      Thread.yield();
      if (!thread.isAlive() || !isAtWork(thread)) {
        return true;
      }
    }
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      if (!thread.isAlive() || !isAtWork(thread)) {
        return true;
      }
    }
    return false;
  }

  /** The names of the threads that were left. */
  public static List<String> left() {
    List<String> names = new ArrayList<>();
    synchronized (LEFT) {
      LEFT.stream().filter(Thread::isAlive).map(Thread::getName).sorted().forEach(names::add);
    }
    return names;
  }

  /** Whether the process should not go on: threads are left, or very many wait for work. */
  public static boolean isUnfit() {
    return many || spoilt || !left().isEmpty();
  }

  private static List<Thread> alive() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] found = new Thread[64];
    int count = root.enumerate(found);
    while (count == found.length) {
      found = new Thread[2 * count];
      count = root.enumerate(found);
    }
    return Arrays.asList(found).subList(0, count);
  }

  // A pool's thread that waits for the next task is no trouble; one that will wake up by itself is.
  private static boolean isAtWork(Thread thread) {
    Thread.State state = thread.getState();
    if (state == Thread.State.TERMINATED) {
      return false;
    } else if (Serving.isWanted(thread)) {
      return true;
    } else if (Serving.waitsInPool(thread)) {
      return false;
    } else if (Serving.isCarrier(thread)) {
      return carries(thread);
    } else if (state != Thread.State.WAITING && state != Thread.State.TIMED_WAITING) {
      return !isOfJdk(thread);
    }
    Object waitsFor = LockSupport.getBlocker(thread);
    WeakReference<Object> known = IDLE.get(thread);
    if (state == Thread.State.WAITING && known != null && known.get() == waitsFor) {
      return false;
    }
    boolean idle =
        isOfJdk(thread) && !Serving.schedules(thread)
            || waitsForTask(thread.getStackTrace(), state);
    if (idle && waitsFor != null && state == Thread.State.WAITING) {
      IDLE.put(thread, new WeakReference<>(waitsFor));
    }
    return !idle;
  }

  private static boolean isOfJdk(Thread thread) {
    String kind = thread.getClass().getName();
    return kind.endsWith("InnocuousThread")
        || kind.startsWith("jdk.internal.")
        || kind.startsWith("java.lang.ref.");
  }

  /** Whether a class is one of the JDK's, by its name. */
  static boolean isOfJdk(String name) {
    return name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.");
  }

  // A virtual thread that does not leave its carrier: it computes, or it is pinned.
  private static boolean carries(Thread carrier) {
    for (StackTraceElement frame : carrier.getStackTrace()) {
      if (frame.getMethodName().equals("runContinuation")) {
        return true;
      }
    }
    return false;
  }

  // A cleaner or finalizer that does not end keeps the JDK's thread from all others.
  private static boolean runsOther(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (!isOfJdk(frame.getClassName())) {
        return true;
      }
    }
    return false;
  }

  private static boolean waitsForTask(StackTraceElement[] frames, Thread.State state) {
    boolean ofPool = false;
    for (StackTraceElement frame : frames) {
      String owner = frame.getClassName();
      if (!isOfJdk(owner)) {
        return false;
      }
      boolean scheduled =
          owner.endsWith("$DelayedWorkQueue")
              || owner.equals("java.util.TimerThread")
              || owner.equals("java.util.concurrent.DelayScheduler");
      if (scheduled && state == Thread.State.TIMED_WAITING) {
        return false;
      }
      ofPool |= scheduled || isPool(owner, frame.getMethodName());
    }
    return ofPool;
  }

  private static boolean isPool(String owner, String method) {
    return owner.equals("java.util.concurrent.ThreadPoolExecutor") && method.equals("getTask")
        || owner.equals("java.util.concurrent.ForkJoinPool")
            && (method.equals("awaitWork") || method.equals("runWorker"));
  }
}
