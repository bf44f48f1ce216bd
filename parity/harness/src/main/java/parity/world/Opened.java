package parity.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Stands in for references to methods that open a path: calls are noted where they are made. */
public final class Opened {
  private Opened() {}

  public static byte[] readAllBytes(Path path) throws IOException {
    Trace.file(path);
    return Files.readAllBytes(path);
  }

  public static String readString(Path path) throws IOException {
    Trace.file(path);
    return Files.readString(path);
  }

  public static List<String> readAllLines(Path path) throws IOException {
    Trace.file(path);
    return Files.readAllLines(path);
  }

  public static Stream<String> lines(Path path) throws IOException {
    Trace.file(path);
    return Files.lines(path);
  }

  public static BufferedReader newBufferedReader(Path path) throws IOException {
    Trace.file(path);
    return Files.newBufferedReader(path);
  }

  public static boolean isReadable(Path path) {
    Trace.file(path);
    return Files.isReadable(path);
  }

  public static long size(Path path) throws IOException {
    Trace.file(path);
    return Files.size(path);
  }

  public static Stream<Path> list(Path path) throws IOException {
    Trace.file(path);
    return Files.list(path);
  }

  public static DirectoryStream<Path> newDirectoryStream(Path path) throws IOException {
    Trace.file(path);
    return Files.newDirectoryStream(path);
  }
}
