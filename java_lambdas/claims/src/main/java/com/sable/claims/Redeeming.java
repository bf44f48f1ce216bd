package com.sable.claims;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts payloads where their claims stand in an event, at any depth. No other byte of the event
 * changes: nothing is read into objects and written anew.
 */
final class Redeeming {
  private static final JsonFactory JSON = new JsonFactory();

  private Redeeming() {}

  private record Found(int from, int to, Claim claim) {}

  static byte[] redeem(byte[] event, Function<Claim, byte[]> have) {
    List<Found> found = find(event);
    if (found.isEmpty()) {
      return event;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    int at = 0;
    for (Found one : found) {
      whole.write(event, at, one.from() - at);
      whole.writeBytes(have.apply(one.claim()));
      at = one.to();
    }
    whole.write(event, at, event.length - at);
    return whole.toByteArray();
  }

  private static List<Found> find(byte[] event) {
    List<Found> found = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(event)) {
      int from = -1; // where the object begins whose first member comes next
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          from = offset(parser);
        } else if (token == JsonToken.FIELD_NAME
            && from >= 0
            && parser.currentName().equals(Claim.MEMBER)) {
          found.add(claim(parser, from));
          from = -1;
        } else {
          from = -1;
        }
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return found;
  }

  private static Found claim(JsonParser parser, int from) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new ClaimRefused("`%s` holds an object".formatted(Claim.MEMBER));
    }
    Claim claim = Claim.of(Envelope.scalars(parser));
    if (parser.nextToken() != JsonToken.END_OBJECT) {
      throw new ClaimRefused("an object with `%s` has no other member".formatted(Claim.MEMBER));
    }
    return new Found(from, offset(parser) + 1, claim);
  }

  private static int offset(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }
}
