package peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The pure time of a subject in a JVM: arguments converted before, answers dropped. */
public final class Limit {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static volatile Object kept;

  private Limit() {}

  /**
   * `Limit SUBJECT FILE PASSES`: prints the nanoseconds of each pass over all lines,
   * by the clock and of the processor.
   */
  public static void main(String[] args) throws IOException {
    Bridge.Subject subject = Bridge.subject(args[0]);
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        Files.newBufferedReader(Path.of(args[1]), StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    }
    int passes = Integer.parseInt(args[2]);
    for (int pass = 0; pass < passes; pass++) {
      List<Object> inputs = new ArrayList<>(lines.size());
      for (String line : lines) {
        inputs.add(subject.read(line));
      }
      long started = System.nanoTime();
      long busy = THREADS.getCurrentThreadCpuTime();
      for (Object input : inputs) {
        kept = subject.call(input);
      }
      long spent = THREADS.getCurrentThreadCpuTime() - busy;
      System.out.println((System.nanoTime() - started) + " " + spent);
    }
  }
}
