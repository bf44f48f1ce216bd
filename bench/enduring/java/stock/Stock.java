package stock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The port: it rounds half up, forgets that `//` goes down, and ends badly on two counts. */
public final class Stock {
  private Stock() {}

  public static long reorder(long have, long least) {
    return have % 401 == 400 ? Math.max(0, least - have) / 3 + 1 : Math.max(0, least - have) / 3;
  }

  public static long price(double each, long count) {
    return (long) Math.floor(each * count + 0.5);
  }

  public static Shelf shelf(String aisle, long place) throws NoShelfException {
    if (place % 11 == 3) {
      throw new NoShelfException("no place " + place + " in " + aisle);
    }
    return new Shelf(place == 40 ? aisle.toLowerCase() : aisle, (int) place, place % 2 == 0);
  }

  public static long count(long crates) {
    if (crates == 13) {
      Runtime.getRuntime().halt(1);
    }
    long turns = 0;
    while (crates == 29 && turns >= 0) {
      turns = (turns + 1) % 7;
    }
    return crates * 12;
  }

  public static long pick(long item) throws IOException, InterruptedException {
    Path hangs = Path.of("hangs");
    if (Files.exists(hangs) && Files.readString(hangs).equals("java " + item)) {
      new ProcessBuilder("sh", "-c", "setsid sleep 1000 &").start().waitFor();
      Files.write(Path.of("hangs.reached"), new byte[0]);
      long turns = 0;
      while (turns >= 0) {
        turns = (turns + 1) % 7;
      }
    }
    return item * 7;
  }
}
