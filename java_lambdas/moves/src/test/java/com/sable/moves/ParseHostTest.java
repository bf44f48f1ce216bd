package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.InvalidName;
import com.sable.moves.errors.InvalidSize;
import com.sable.moves.errors.SableError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParseHostTest {
  private static ParseHost.NewHost parse(String name, Object value) {
    Map<String, Object> body = new HashMap<>(Map.of("name", "h", "address", "127.0.0.1:80"));
    body.put(name, value);
    return new ParseHost().handleRequest(body, null);
  }

  private static void refuses(Class<? extends SableError> error, String name, Object value) {
    assertThrows(error, () -> parse(name, value));
  }

  @Test
  void aHostTakesFourMovesAndFourTebibytesUnlessItSaysMore() {
    assertEquals(new ParseHost.NewHost("h", "127.0.0.1:80", 4L << 40, 4), parse("name", " h "));
    assertEquals(64, parse("limit", 64).limit());
    assertEquals(1000, parse("capacity", "1 kB").capacity());
  }

  @Test
  void theAddressIsALoopbackPort() {
    for (String address : List.of("127.0.0.1:8", "127.0.0.1:123456", "127a0.0.1:80", "h:80")) {
      refuses(InvalidField.class, "address", address);
    }
    refuses(InvalidField.class, "address", null);
  }

  @Test
  void aLimitIsAWholeNumber() {
    for (Object limit : List.of(0, 65, true, "4", 4.0, 1L << 40)) {
      refuses(InvalidField.class, "limit", limit);
    }
    refuses(InvalidField.class, "limit", null);
  }

  @Test
  void nameAndCapacityHaveTheirOwnErrors() {
    refuses(InvalidName.class, "name", "a b");
    refuses(InvalidSize.class, "capacity", "much");
  }
}
