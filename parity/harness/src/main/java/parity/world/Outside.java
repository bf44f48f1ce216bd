package parity.world;

import java.util.List;
import java.util.Map;

/** What a unit does to the world through libraries: AWS, SQL and HTTP, as calls of ports. */
public final class Outside {
  private static volatile World now;

  private Outside() {}

  /** Answers the calls of the fixture in hand. */
  public interface World {
    /** Whether calls of that port are answered, not made. */
    boolean has(String port);

    /**
     * The answer to a call: plain values, lists and maps.
     *
     * @throws Failed where the answer is an error
     */
    Object call(String port, String call, List<?> arguments) throws Failed;

    /** What a JSON text holds. Raises IllegalArgumentException where it is none. */
    Object json(String text);
  }

  /** An answer that is an error. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final transient Map<?, ?> fields;

    public Failed(String name, String message, Map<?, ?> fields) {
      super(message);
      this.name = name;
      this.fields = fields;
    }

    /** What the world calls it. */
    String name() {
      return name;
    }

    /** A number that it says beside. */
    int number(String field, int other) {
      return fields != null && fields.get(field) instanceof Number found ? found.intValue() : other;
    }
  }

  /** From now on calls are answered; null: they are made. */
  public static void answer(World world) {
    now = world;
  }

  /** From now on what asks for a database or a region finds one. */
  public static void prepare(List<String> ports) {
    if (ports.contains("sql")) {
      SqlDriver.register();
    }
    if (ports.contains("aws")) {
      for (String[] one : AWS) {
        if (System.getProperty(one[0]) == null) {
          System.setProperty(one[0], one[1]);
        }
      }
    }
  }

  private static final String[][] AWS = {
    {"aws.region", "us-east-1"},
    {"aws.accessKeyId", "parity"},
    {"aws.secretAccessKey", "parity"},
    {"aws.disableEc2Metadata", "true"},
  };

  /** Whether calls of a port are answered for the running thread. */
  static boolean has(String port) {
    World world = now;
    if (world == null || !world.has(port)) {
      return false;
    }
    if (Threads.isLeft(Thread.currentThread())) {
      throw new Unanswered("the world was asked by a thread of a call that is over");
    }
    return true;
  }

  /** The answer to a call. */
  static Object call(String port, String call, List<?> arguments) throws Failed {
    World world = now;
    if (world == null) {
      throw new Unanswered("the world was asked outside of a fixture");
    }
    return world.call(port, call, arguments);
  }

  /** What a JSON text holds, as calls hold it. */
  static Object json(String text) {
    World world = now;
    return world == null ? text : world.json(text);
  }
}
