package com.example.billing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A ledger. */
public final class Ledger {
  private Ledger() {}

  public static Map<String, Long> balance(List<Long> entries) {
    long credit = 0;
    long debit = 0;
    for (long entry : entries) {
      if (entry > 0) {
        credit = Math.addExact(credit, entry);
      } else {
        debit = Math.subtractExact(debit, entry);
      }
    }
    Map<String, Long> sheet = new LinkedHashMap<>();
    sheet.put("credit", credit);
    sheet.put("debit", debit);
    sheet.put("left", Math.subtractExact(credit, debit));
    return sheet;
  }

  public static String masked(String iban, int keep) {
    int[] text = iban.codePoints().filter(c -> !isBlank(c)).toArray();
    StringBuilder shown = new StringBuilder();
    boolean hides = text.length > keep;
    for (int i = 0; i < text.length; i++) {
      shown.appendCodePoint(hides && i < text.length - keep ? '*' : text[i]);
    }
    return shown.toString();
  }

  public static long[] splitEvenly(long cents, int people) {
    long share = Math.floorDiv(cents, (long) people);
    long rest = Math.floorMod(cents, (long) people);
    List<Integer> places = Collections.nCopies(Math.max(people, 0), 1);
    return LongStream.range(0, places.size()).map(i -> i < rest ? share + 1 : share).toArray();
  }

  private static boolean isBlank(int c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c) || c == 0x85;
  }
}
