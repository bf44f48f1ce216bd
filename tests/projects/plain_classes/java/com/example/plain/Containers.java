package com.example.plain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Adler32;

/** What runs over containers. */
public final class Containers {
  private Containers() {}

  public static long checksum(byte[] data) {
    Adler32 adler = new Adler32();
    adler.update(data);
    return adler.getValue();
  }

  public static Iterable<byte[]> chunks(byte[] data, int size) {
    if (size <= 0) {
      throw new IllegalArgumentException("size");
    }
    List<byte[]> pieces = new ArrayList<>();
    for (int start = 0; start < data.length; start += size) {
      pieces.add(Arrays.copyOfRange(data, start, Math.min(data.length, start + size)));
    }
    return pieces;
  }

  public static Stream<List<Long>> windows(List<Long> numbers, int size) {
    return IntStream.rangeClosed(0, numbers.size() - size)
        .mapToObj(start -> numbers.subList(start, start + size));
  }

  public static void rotate(List<String> items, int by) {
    Collections.rotate(items, by);
  }

  public static String greeting(String first, String last, String title, boolean shout) {
    String name =
        Stream.of(title, first, last)
            .filter(Objects::nonNull)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(" "));
    String text = "Dear " + name;
    return shout ? text.toUpperCase(Locale.ROOT) : text;
  }

  public static String joinAll(String separator, String... parts) {
    return String.join(separator, parts);
  }

  public static CompletableFuture<Long> slowSum(List<Long> numbers) {
    return CompletableFuture.supplyAsync(
        () -> {
          long total = 0;
          for (long number : numbers) {
            if (number < 0) {
              throw new IllegalArgumentException("negative");
            }
            total = Math.addExact(total, number);
          }
          return total;
        });
  }

  public static IntStream countdown(int start) {
    return IntStream.iterate(start, n -> n > 0, n -> n - 1);
  }

  public static long[] quotient(long a, long b) {
    return new long[] {Math.floorDiv(a, b), Math.floorMod(a, b)};
  }

  public static String initial(String name) {
    return name.substring(0, name.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT);
  }
}
