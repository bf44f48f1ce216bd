package parity.harness;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/**
 * Values that are their own form, packed (docs/worker-protocol.md): the bytes that {@code
 * marshal.dumps(value, 2)} of Python makes of the same value. Equal bytes are equal values, and
 * nothing has to be spelt in digits or escaped on the way.
 */
final class Packer {
  private static final int FIRST = 1 << 12;
  private static final int KEPT = 1 << 20;
  private static final int WORTH_PACKING = 200; // the python side has the same bound (running.py)
  private static final int MOST_DEEP = 100;
  private static final int MOST_BYTES = 1 << 24;
  private static final long SAFE = 1L << 53;
  private static final int DIGIT_BITS = 15;
  private final RecentShapes shapes = new RecentShapes();
  private byte[] bytes = new byte[FIRST];
  private int length;
  private int depth;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Packs a container in place of the one before; false where its form is not the value itself,
   * where it is small, or where reading it would run code of the subject: the text must say then.
   */
  boolean pack(Object value) {
    begin();
    boolean container = value != null && !shapes.of(value.getClass()).isLeaf();
    return container && put(value) && length > WORTH_PACKING;
  }

  /** Packs all of these, of whatever size; false where one of them cannot be packed. */
  boolean packAll(Object[] values) {
    begin();
    for (Object value : values) {
      if (!put(value)) {
        return false;
      }
    }
    return true;
  }

  private void begin() {
    length = 0;
    depth = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[FIRST];
    }
  }

  /** Forgets the classes that it met: their loader may go. */
  void forget() {
    shapes.forget();
  }

  /** Ends the line. */
  void end() {
    one('\n');
  }

  /** Whether two packed the same. */
  boolean isAs(Packer other) {
    return Arrays.equals(bytes, 0, length, other.bytes, 0, other.length);
  }

  private boolean put(Object value) {
    if (value instanceof String string) {
      text(string);
      return true;
    } else if (value instanceof Long number) {
      return whole(number);
    } else if (value instanceof Integer number) {
      code('i', number);
      return true;
    } else if (value instanceof Double number) {
      return floating(number);
    } else if (value instanceof Boolean yes) {
      return one(yes ? 'T' : 'F');
    } else if (value == null) {
      return one('N');
    }
    Shape shape = shapes.of(value.getClass());
    if (shape.isForeign() || length > MOST_BYTES || Ports.nameOf(value) != null) {
      return false;
    }
    Shape.As as = shape.as();
    if (as == Shape.As.WHOLE) {
      return whole(((Number) value).longValue());
    } else if (as == Shape.As.FLOATING) {
      return floating(((Number) value).doubleValue());
    } else if (depth == MOST_DEEP) {
      return false; // or it holds itself
    }
    depth++;
    boolean whole =
        as == Shape.As.MAP && map((Map<?, ?>) value)
            || as == Shape.As.COLLECTION && items((Collection<?>) value)
            || as == Shape.As.ARRAY && array(value);
    depth--;
    return whole;
  }

  private boolean map(Map<?, ?> map) {
    one('{');
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name) || name.startsWith("$")) {
        return false;
      }
      text(name);
      if (!put(entry.getValue())) {
        return false;
      }
    }
    return one('0');
  }

  private boolean items(Collection<?> items) {
    int start = length + 1;
    code('[', 0);
    int count = 0;
    for (Object item : items) {
      if (!put(item)) {
        return false;
      }
      count++;
    }
    number(start, count);
    return true;
  }

  private boolean array(Object array) {
    if (array instanceof Object[] items) {
      return items(Arrays.asList(items));
    } else if (array instanceof long[] numbers) {
      code('[', numbers.length);
      for (long number : numbers) {
        if (!whole(number)) {
          return false;
        }
      }
      return true;
    } else if (array instanceof int[] numbers) {
      code('[', numbers.length);
      for (int number : numbers) {
        code('i', number);
      }
      return true;
    } else if (array instanceof double[] numbers) {
      code('[', numbers.length);
      for (double number : numbers) {
        if (!floating(number)) {
          return false;
        }
      }
      return true;
    }
    return false;
  }

  // ------------------------------------------------------------ leaves

  private boolean one(char code) {
    reserve(1);
    bytes[length++] = (byte) code;
    return true;
  }

  private void code(char code, int number) {
    reserve(5);
    bytes[length] = (byte) code;
    number(length + 1, number);
    length += 5;
  }

  private void number(int at, int number) {
    byte[] into = bytes;
    into[at] = (byte) number;
    into[at + 1] = (byte) (number >> 8);
    into[at + 2] = (byte) (number >> 16);
    into[at + 3] = (byte) (number >> 24);
  }

  private boolean whole(long number) {
    if (number == (int) number) {
      code('i', (int) number);
      return true;
    } else if (number < -SAFE || number > SAFE) {
      return false;
    }
    long left = Math.abs(number);
    int digits = (63 - Long.numberOfLeadingZeros(left)) / DIGIT_BITS + 1;
    code('l', number < 0 ? -digits : digits);
    reserve(2 * digits);
    for (; left != 0; left >>= DIGIT_BITS) {
      bytes[length++] = (byte) left;
      bytes[length++] = (byte) (left >> 8 & 0x7f);
    }
    return true;
  }

  private boolean floating(double number) {
    long bits = Double.doubleToRawLongBits(number);
    if (bits == Long.MIN_VALUE || !Double.isFinite(number)) {
      return false; // -0.0, and what JSON cannot say
    }
    reserve(9);
    bytes[length] = 'g';
    number(length + 1, (int) bits);
    number(length + 5, (int) (bits >> 32));
    length += 9;
    return true;
  }

  private void text(String string) {
    int size = string.length();
    int start = length;
    code('u', size);
    reserve(size);
    byte[] into = bytes;
    int at = length;
    for (int i = 0; i < size; i++) {
      char c = string.charAt(i);
      if (c >= 128) {
        length = at;
        rest(string, i);
        number(start + 1, length - start - 5);
        return;
      }
      into[at++] = (byte) c;
    }
    length = at;
  }

  // UTF-8, in which half of a pair that stands alone is a character like any other.
  private void rest(String string, int from) {
    for (int i = from; i < string.length(); i++) {
      int c = string.codePointAt(i);
      reserve(4);
      if (c < 0x80) {
        bytes[length++] = (byte) c;
        continue;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xc0 | c >> 6);
      } else if (c < 0x1_0000) {
        bytes[length++] = (byte) (0xe0 | c >> 12);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
      } else {
        bytes[length++] = (byte) (0xf0 | c >> 18);
        bytes[length++] = (byte) (0x80 | c >> 12 & 0x3f);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
        i++;
      }
      bytes[length++] = (byte) (0x80 | c & 0x3f);
    }
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length << 1));
    }
  }
}
