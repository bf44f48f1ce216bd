package parity.harness;

import java.lang.reflect.Array;
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
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.BaseStream;

/**
 * Java values as the canonical text of their fixture form. A cycle is written as {@code $ref}; lazy
 * values are drained.
 */
final class Writer {
  private static final BigInteger SAFE = BigInteger.ONE.shiftLeft(53);
  private static final long SAFE_LONG = 1L << 53;
  private static final int MAX_NODES = 2_000_000;
  private static final int MAX_DEPTH = 1_000;
  private final int maxItems;
  private final Phase phase;
  private final Place place = new Place();
  // The values that are being written, each inside the one before it, and where each stands.
  private Object[] above = new Object[16];
  private int[] places = new int[16];
  private final RecentShapes shapes = new RecentShapes();
  private int depth;
  private int foreign;
  private int nodes;
  private Text text;

  Writer(int maxItems, Phase phase) {
    this.maxItems = maxItems;
    this.phase = phase;
  }

  /**
   * Appends the form of {@code value}, whose place is {@code path}.
   *
   * @throws Formless where it has none; the text is then as it was
   */
  void write(Object value, String path, Text text) throws Formless {
    int start = text.length();
    this.text = text;
    place.begin(path);
    nodes = 0;
    boolean whole = false;
    try {
      write(value);
      whole = true;
    } finally {
      if (!whole) {
        text.cut(start);
        Arrays.fill(above, 0, depth, null);
        depth = 0;
        if (foreign > 0) {
          phase.subjectRuns(false);
          foreign = 0;
        }
      }
    }
  }

  private void write(Object value) throws Formless {
    if (value instanceof String string) {
      text.quote(string);
    } else if (value == null) {
      text.add("null");
    } else if (value instanceof Boolean yes) {
      text.add(yes ? "true" : "false");
    } else if (value instanceof Long number && nodes < MAX_NODES) {
      nodes++;
      whole(number);
    } else if (value instanceof Double number && nodes < MAX_NODES) {
      nodes++;
      floating(number);
    } else {
      String port = Ports.nameOf(value);
      if (port != null) {
        tag("{\"$port\":", port);
        return;
      }
      Shape shape = shapes.of(value.getClass());
      try {
        count();
        if (shape.isForeign()) {
          enterSubject();
          shaped(value, shape);
          leaveSubject();
        } else {
          shaped(value, shape);
        }
      } catch (Formless formless) {
        throw formless.isPlaced() ? formless : formless.at(place.toString(), value.getClass());
      }
    }
  }

  /** Forgets the classes that it met: their loader may go. */
  void forget() {
    shapes.forget();
  }

  private void count() throws Formless {
    if (++nodes > MAX_NODES) {
      throw new Formless("it has more than " + MAX_NODES + " parts");
    }
  }

  private void enterSubject() {
    if (foreign++ == 0) {
      phase.subjectRuns(true);
    }
  }

  private void leaveSubject() {
    if (--foreign == 0) {
      phase.subjectRuns(false);
    }
  }

  private void shaped(Object value, Shape shape) throws Formless {
    if (shape.isLeaf()) {
      leaf(value, shape.as());
      return;
    }
    if (depth > MAX_DEPTH) {
      throw new Formless("$", value.getClass().getName(), "it is nested deeper than " + MAX_DEPTH);
    }
    for (int i = depth - 1; i >= 0; i--) {
      if (above[i] == value) {
        text.add("{\"$ref\":").quote(place.upTo(places[i])).add('}');
        return;
      }
    }
    if (depth == above.length) {
      above = Arrays.copyOf(above, depth * 2);
      places = Arrays.copyOf(places, depth * 2);
    }
    above[depth] = value;
    places[depth++] = place.depth();
    container(value, shape);
    above[--depth] = null;
  }

  // ------------------------------------------------------------ leaves

  private void leaf(Object value, Shape.As as) throws Formless {
    switch (as) {
      case WHOLE -> whole(((Number) value).longValue());
      case FLOATING -> floating(((Number) value).doubleValue());
      case BIG -> big((BigInteger) value);
      case TEXT -> text.quote(value.toString());
      case DECIMAL -> tag("{\"$decimal\":", value.toString());
      case UUID -> tag("{\"$uuid\":", value.toString());
      case BYTES -> tag("{\"$bytes\":", Base64.getEncoder().encodeToString((byte[]) value));
      case BUFFER -> tag("{\"$bytes\":", buffer((ByteBuffer) value));
      case ENUM -> constant((Enum<?>) value);
      default -> time(value, as);
    }
  }

  private void tag(String head, String payload) {
    text.add(head).quote(payload).add('}');
  }

  private void whole(long number) {
    if (-SAFE_LONG <= number && number <= SAFE_LONG) {
      text.add(number);
    } else {
      text.add("{\"$int\":\"").add(number).add("\"}");
    }
  }

  private void big(BigInteger number) {
    if (number.abs().compareTo(SAFE) <= 0) {
      text.add(number.longValue());
    } else {
      tag("{\"$int\":", number.toString());
    }
  }

  private void floating(double number) {
    if (Double.isNaN(number)) {
      tag("{\"$float\":", "nan");
    } else if (Double.isInfinite(number)) {
      tag("{\"$float\":", number > 0 ? "inf" : "-inf");
    } else if (number == 0 && Double.doubleToRawLongBits(number) != 0) {
      tag("{\"$float\":", "-0.0");
    } else {
      Doubles.write(number, text);
    }
  }

  private static String buffer(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void constant(Enum<?> constant) {
    text.add("{\"$enum\":[").quote(constant.getDeclaringClass().getName());
    text.add(',').quote(constant.name()).add("]}");
  }

  private void time(Object value, Shape.As as) throws Formless {
    switch (as) {
      case LOCAL -> tag("{\"$datetime\":", Temporals.write((LocalDateTime) value));
      case OFFSET -> tag("{\"$datetime\":", Temporals.write((OffsetDateTime) value));
      case ZONED -> tag("{\"$datetime\":", Temporals.write((ZonedDateTime) value));
      case INSTANT -> tag("{\"$datetime\":", Temporals.write((Instant) value));
      case DATE -> tag("{\"$date\":", Temporals.write((LocalDate) value));
      case TIME -> tag("{\"$time\":", Temporals.write((LocalTime) value));
      case OFFSET_TIME -> tag("{\"$time\":", Temporals.write((OffsetTime) value));
      case DURATION -> tag("{\"$timedelta\":", Temporals.write((Duration) value));
      default -> throw new IllegalStateException(as.toString());
    }
  }

  // ------------------------------------------------------------ containers

  private void container(Object value, Shape shape) throws Formless {
    switch (shape.as()) {
      case OPTIONAL -> write(((Optional<?>) value).orElse(null));
      case OPTIONAL_INT -> {
        OptionalInt optional = (OptionalInt) value;
        write(optional.isPresent() ? optional.getAsInt() : null);
      }
      case OPTIONAL_LONG -> {
        OptionalLong optional = (OptionalLong) value;
        write(optional.isPresent() ? optional.getAsLong() : null);
      }
      case OPTIONAL_DOUBLE -> {
        OptionalDouble optional = (OptionalDouble) value;
        write(optional.isPresent() ? optional.getAsDouble() : null);
      }
      case MAP -> map((Map<?, ?>) value);
      case SET -> set((Collection<?>) value);
      case COLLECTION -> items(((Collection<?>) value).iterator(), Integer.MAX_VALUE);
      case ITERATOR -> items((Iterator<?>) value, maxItems);
      case STREAM -> items(((BaseStream<?, ?>) value).iterator(), maxItems);
      case ARRAY -> array(value);
      case ENTRY -> {
        Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
        items(Arrays.asList(entry.getKey(), entry.getValue()).iterator(), 2);
      }
      case ITERABLE -> items(((Iterable<?>) value).iterator(), maxItems);
      case TREE ->
          throw new Formless(
              "its items are of its own kind and do not say what it holds: "
                  + "project it in a java_expression");
      case NOTHING ->
          throw new Formless("it has no getters or public fields: project it in a java_expression");
      default -> object(value, shape);
    }
  }

  private void items(Iterator<?> items, int atMost) throws Formless {
    text.add('[');
    place.enter();
    int count = 0;
    while (items.hasNext()) {
      if (count == atMost) {
        place.leave();
        throw new Formless("it gives more than " + atMost + " items (max_items)");
      }
      if (count > 0) {
        text.add(',');
      }
      place.index(count++);
      write(items.next());
    }
    place.leave();
    text.add(']');
  }

  private void array(Object array) throws Formless {
    if (array instanceof Object[] items) {
      items(Arrays.asList(items).iterator(), Integer.MAX_VALUE);
      return;
    }
    text.add('[');
    place.enter();
    int length = Array.getLength(array);
    for (int i = 0; i < length; i++) {
      if (i > 0) {
        text.add(',');
      }
      place.index(i);
      if (array instanceof long[] numbers) {
        count();
        whole(numbers[i]);
      } else if (array instanceof int[] numbers) {
        count();
        text.add(numbers[i]);
      } else if (array instanceof double[] numbers) {
        count();
        floating(numbers[i]);
      } else {
        write(Array.get(array, i));
      }
    }
    place.leave();
    text.add(']');
  }

  private void set(Collection<?> set) throws Formless {
    text.add("{\"$set\":[");
    int start = text.length();
    int[] ends = new int[set.size()];
    int count = 0;
    place.enter();
    for (Object item : set) {
      write(item);
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, Math.max(16, count * 2));
      }
      ends[count++] = text.length();
    }
    place.leave();
    if (count > 1) {
      text.sort(start, ends, count);
    }
    text.add("]}");
  }

  private void map(Map<?, ?> map) throws Formless {
    if (!isPlain(map)) {
      pairs(map);
      return;
    }
    text.add('{');
    place.enter();
    boolean more = false;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (more) {
        text.add(',');
      }
      String name = (String) entry.getKey();
      text.quote(name).add(':');
      place.member(name);
      write(entry.getValue());
      more = true;
    }
    place.leave();
    text.add('}');
  }

  private static boolean isPlain(Map<?, ?> map) {
    for (Object key : map.keySet()) {
      if (!(key instanceof String name) || name.startsWith("$")) {
        return false;
      }
    }
    return true;
  }

  private void pairs(Map<?, ?> map) throws Formless {
    text.add("{\"$dict\":[");
    place.enter();
    boolean more = false;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.add(more ? ",[" : "[");
      place.nowhere();
      int start = text.length();
      write(entry.getKey());
      place.key(text.from(start));
      text.add(',');
      write(entry.getValue());
      text.add(']');
      more = true;
    }
    place.leave();
    text.add("]}");
  }

  private void object(Object value, Shape shape) throws Formless {
    List<Shape.Property> properties = shape.properties();
    int count = properties.size();
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = properties.get(i).of(value);
    }
    text.add(shape.head());
    place.enter();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        text.add(',');
      }
      Shape.Property property = properties.get(i);
      text.add(property.label());
      place.member(property.name());
      write(values[i]);
    }
    place.leave();
    text.add(shape.tail());
  }

  // ------------------------------------------------------------ plain JSON

  /** Appends a document of plain JSON in fixture form: what JSON cannot say is tagged. */
  void document(Object json, Text text) {
    this.text = text;
    document(json);
  }

  private void document(Object json) {
    if (json instanceof String string) {
      text.quote(string);
    } else if (json instanceof Map<?, ?> members) {
      members(members);
    } else if (json instanceof List<?> items) {
      char before = '[';
      for (Object item : items) {
        text.add(before);
        document(item);
        before = ',';
      }
      text.add(items.isEmpty() ? "[]" : "]");
    } else if (json instanceof Long number) {
      whole(number);
    } else if (json instanceof Double number) {
      floating(number);
    } else if (json instanceof BigInteger number) {
      big(number);
    } else {
      text.add(String.valueOf(json));
    }
  }

  private void members(Map<?, ?> members) {
    boolean plain = isPlain(members);
    text.add(plain ? "{" : "{\"$dict\":[");
    boolean more = false;
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (more) {
        text.add(',');
      }
      if (!plain) {
        text.add('[');
      }
      text.quote((String) member.getKey()).add(plain ? ':' : ',');
      document(member.getValue());
      if (!plain) {
        text.add(']');
      }
      more = true;
    }
    text.add(plain ? "}" : "]}");
  }
}
