package parity.harness;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import parity.world.Threads;

/** Standard output and error of the subject, kept fixture by fixture. */
final class Printed {
  private static final int KEPT = 65_536;
  private final Kept out = new Kept();
  private final Kept err = new Kept();
  private Stream outStream = new Stream(out);
  private Stream errStream = new Stream(err);

  /** Takes the streams, whatever the last fixture made of them. */
  void take() {
    if (outStream.closed) {
      outStream = new Stream(out);
    }
    if (errStream.closed) {
      errStream = new Stream(err);
    }
    if (System.out != outStream) {
      System.setOut(outStream);
    }
    if (System.err != errStream) {
      System.setErr(errStream);
    }
    if (isAnything()) {
      out.reset();
      err.reset();
    }
  }

  boolean isAnything() {
    return out.size() > 0 || err.size() > 0;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static final class Stream extends PrintStream {
    private volatile boolean closed;

    Stream(Kept kept) {
      super(kept, true, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      closed = true;
      super.close();
    }
  }

  private static final class Kept extends ByteArrayOutputStream {
    @Override
    public synchronized void write(int b) {
      if (count < KEPT && !Threads.isLeft(Thread.currentThread())) {
        super.write(b);
      }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      if (!Threads.isLeft(Thread.currentThread())) {
        super.write(bytes, from, Math.max(0, Math.min(length, KEPT - count)));
      }
    }
  }
}
