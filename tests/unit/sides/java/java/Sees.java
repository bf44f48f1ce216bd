package cells;

import java.io.InputStream;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.*;

enum Colour {
  RED,
  BLUE {
    @Override
    public String toString() {
      return "azure";
    }
  }
}

record Point(long x, long y) {}

record Line(Point from, Point to, Colour colour, List<Point> between) {}

record Move(String targetHost, int maxTries) {}

record Positive(int n) {
  Positive {
    if (n <= 0) {
      throw new IllegalArgumentException("it is not positive");
    }
  }
}

class Bean {
  private long x;
  private long y;

  public long getX() {
    return x;
  }

  public void setX(long x) {
    this.x = x;
  }

  public long getY() {
    return y;
  }

  public void setY(long y) {
    this.y = y;
  }
}

class Fixed {
  public final int n;
  private final String name;

  Fixed(int n, String name) {
    this.n = n;
    this.name = name;
  }

  public String getName() {
    return name;
  }
}

class Job {
  private int maxTries;

  public int getMaxTries() {
    return maxTries;
  }

  public void setMaxTries(int tries) {
    maxTries = tries;
  }
}

class Open {
  public int n;
  public List<Colour> colours;
}

class Strict {
  private int n;

  public int getN() {
    return n;
  }

  public void setN(int n) {
    if (n <= 0) {
      throw new IllegalArgumentException("it is not positive");
    }
    this.n = n;
  }
}

class Closed {
  private final int n;

  Closed(String n) {
    this.n = Integer.parseInt(n);
  }

  public int getN() {
    return n;
  }
}

interface Shape {
  int area();
}

/** Tells what a parameter was given: its class, the value, the classes of its elements. */
public final class Sees {
  private static Object told(Object value) throws Exception {
    String kind = kind(value);
    Object shown = value;
    if (value instanceof InputStream stream) {
      shown = stream.readAllBytes();
    } else if (value instanceof Iterator<?> items) {
      List<Object> drained = new ArrayList<>();
      items.forEachRemaining(drained::add);
      shown = drained;
    } else if (value instanceof BaseStream<?, ?> items) {
      List<Object> drained = new ArrayList<>();
      items.iterator().forEachRemaining(drained::add);
      shown = drained;
    }
    List<String> elements = new ArrayList<>();
    for (Object element : elements(shown)) {
      elements.add(element == null ? null : element.getClass().getName());
    }
    return new Object[] {kind, shown, elements};
  }

  /** The class of a value; of what the JDK alone can make, the type by which it is known. */
  private static String kind(Object value) {
    for (Class<?> known :
        List.of(IntStream.class, LongStream.class, DoubleStream.class, Stream.class)) {
      if (known.isInstance(value)) {
        return known.getName();
      }
    }
    if (value instanceof Iterator<?>) {
      return "java.util.Iterator";
    }
    return value instanceof ByteBuffer
        ? "java.nio.ByteBuffer"
        : value == null ? null : value.getClass().getName();
  }

  private static Iterable<?> elements(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? List.of(optional.get()) : List.of();
    } else if (value instanceof Map<?, ?> map) {
      List<Object> all = new ArrayList<>(map.keySet());
      all.addAll(map.values());
      return all;
    } else if (value instanceof Iterable<?> items) {
      return items;
    } else if (value instanceof Object[] items) {
      return Arrays.asList(items);
    }
    return List.of();
  }
}
