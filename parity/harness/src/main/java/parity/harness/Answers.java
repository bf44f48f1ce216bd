package parity.harness;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The answer file of one batch (docs/worker-protocol.md): answers are committed one by one into
 * mapped memory, so that what was committed outlives this process.
 */
final class Answers implements Closeable, Phase {
  static final int HEADER = 64;
  private static final long MAGIC = 0x0032_5954_4952_4150L; // "PARITY2\0"
  private static final int STARTED = 8;
  private static final int ANSWERED = 16;
  private static final int LENGTH = 24;
  private static final int DONE = 32;
  private static final int PHASE = 40;
  private static final int BEAT = 48;
  private static final int TRACE = 56;
  private static final long WINDOW = 1L << 26;
  private static final long PAGE = 1L << 16;
  private final FileChannel file;
  private final ByteBuffer head;
  private final Text micros = new Text();
  private ByteBuffer window;
  private long windowStart;
  private long length;
  private long started;
  private long answered;

  /**
   * Maps the file, which the supervisor has made.
   *
   * @throws IOException where it is no answer file
   */
  Answers(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (file.size() < HEADER) {
      throw new IOException(path + " is no answer file: it is too short");
    }
    head = file.map(MapMode.READ_WRITE, 0, HEADER).order(ByteOrder.LITTLE_ENDIAN);
    if (head.getLong(0) != MAGIC) {
      throw new IOException(path + " is no answer file: it starts with other bytes");
    }
    started = head.getLong(STARTED);
    answered = head.getLong(ANSWERED);
    length = head.getLong(LENGTH);
    map(0);
  }

  /** Says that the next fixture is begun. */
  void begin() {
    set(PHASE, 0);
    set(STARTED, ++started);
  }

  /** Says how far a long piece of work is: it does not hang, and if it ends, then there. */
  void beat(long place) {
    set(BEAT, place);
  }

  @Override
  public void subjectRuns(boolean runs) {
    set(PHASE, runs ? 1 : 0);
  }

  /**
   * Commits one whole answer: an observation, and how long the subject ran.
   *
   * @param alone whether the observation is of nothing but what was returned
   */
  void commit(long nanos, boolean alone, Text observation) throws IOException {
    begin(nanos);
    micros.add(alone ? " \t" : "\t");
    observation.add('\n');
    commit(observation.bytes(), observation.length());
  }

  /** Commits one whole answer: what was returned, packed, and how long the subject ran. */
  void commit(long nanos, Packer packed) throws IOException {
    begin(nanos);
    micros.add(' ').add(packed.length()).add(" \t#");
    packed.end();
    commit(packed.bytes(), packed.length());
  }

  private void begin(long nanos) {
    micros.clear();
    long tenths = (nanos + 50) / 100;
    micros.add(tenths / 10).add('.').add(tenths % 10);
  }

  private void commit(byte[] told, int count) throws IOException {
    int before = micros.length();
    int size = before + count;
    int at = room(size);
    window.put(at, micros.bytes(), 0, before);
    window.put(at + before, told, 0, count);
    length += size;
    set(LENGTH, length);
    set(ANSWERED, ++answered);
  }

  /** Writes what the batch rests on behind the last answer. */
  void trace(String document) throws IOException {
    byte[] told = document.getBytes(StandardCharsets.US_ASCII);
    int at = room(told.length);
    window.put(at, told);
    set(TRACE, told.length);
  }

  /** Where the next bytes go, so many, in the window. */
  private int room(int size) throws IOException {
    long at = HEADER + length - windowStart;
    if (at + size > window.capacity()) {
      map(size);
      at = HEADER + length - windowStart;
    }
    return (int) at;
  }

  /** Says that the batch has ended. */
  void done() {
    set(DONE, 1);
  }

  // The supervisor may read at any moment: a number is seen only after what it speaks of.
  private void set(int place, long value) {
    VarHandle.releaseFence();
    head.putLong(place, value);
  }

  /** Maps the stretch that the next answer goes to; the file is doubled where it is too short. */
  private void map(int size) throws IOException {
    long needed = HEADER + length + size;
    long whole = file.size();
    while (whole < needed) {
      whole *= 2;
    }
    windowStart = (HEADER + length) / PAGE * PAGE;
    long mapped = Math.min(whole - windowStart, Math.max(WINDOW, needed - windowStart));
    window = file.map(MapMode.READ_WRITE, windowStart, mapped);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
