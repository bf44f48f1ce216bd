package com.sable.moves.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DocumentTest {
  private final Map<String, Object> members = new HashMap<>();

  @BeforeEach
  void aDocumentWithANull() {
    members.put("nothing", null);
    members.put("text", "a");
    members.put("whole", 5);
    members.put("large", BigInteger.ONE.shiftLeft(64));
    members.put("fraction", 1.5);
  }

  private Document document() {
    return Document.of(members);
  }

  @Test
  void whatIsMissingIsNotWhatIsNull() {
    assertThrows(NoSuchElementException.class, () -> document().text("missing"));
    assertThrows(NullPointerException.class, () -> document().text("nothing"));
    assertEquals(Optional.empty(), document().findText("missing"));
    assertEquals(Optional.empty(), document().findText("nothing"));
  }

  @Test
  void noTypeIsTakenForAnother() {
    assertThrows(ClassCastException.class, () -> document().text("whole"));
    assertThrows(ClassCastException.class, () -> document().whole("text"));
    assertThrows(ClassCastException.class, () -> document().whole("fraction"));
    assertThrows(ClassCastException.class, () -> document().findText("whole"));
  }

  @Test
  void aWholeNumberIsRead64BitsWideAndNoWider() {
    assertEquals(5L, document().whole("whole"));
    assertThrows(ArithmeticException.class, () -> document().whole("large"));
  }

  @Test
  void aNumberMayBeWhole() {
    assertEquals(5.0, document().number("whole"));
    assertEquals(Optional.of(1.5), document().findNumber("fraction"));
  }

  @Test
  void entriesKeepTheirOrder() {
    List<String> names = Arrays.asList("z", "a", "m");
    Map<String, Object> inner = new LinkedHashMap<>();
    names.forEach(name -> inner.put(name, 1));
    members.put("entries", inner);
    assertEquals(names, List.copyOf(document().entries("entries", Document::wholeOf).keySet()));
    assertEquals(names, List.copyOf(document().names("entries")));
  }
}
