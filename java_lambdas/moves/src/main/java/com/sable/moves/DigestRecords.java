package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Row;
import com.sable.moves.text.CodePoints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Digest, count and bytes of records, in the order of their keys' bytes. */
public final class DigestRecords
    implements RequestHandler<Map<String, Object>, DigestRecords.Digest> {
  private static final String ABSENT = "\0absent";

  /** A SHA-256 as lower-case hex, and what it is of. */
  public record Digest(String digest, long count, long bytes) {}

  @Override
  public Digest handleRequest(Map<String, Object> event, Context context) {
    List<Row> rows =
        Document.of(event).list("rows", Row::of).stream()
            .sorted(Comparator.comparing(Row::key, CodePoints.ORDER))
            .toList();
    MessageDigest digest = sha256();
    long bytes = 0;
    for (Row row : rows) {
      bytes += add(row.key(), digest);
      bytes += add(row.value().orElse(ABSENT), digest);
      if (row.seq() < 0) {
        throw new ArithmeticException("the number of a write is not negative");
      }
      digest.update(inBytes(row.seq()));
    }
    return new Digest(HexFormat.of().formatHex(digest.digest()), rows.size(), bytes);
  }

  private static int add(String part, MessageDigest digest) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(inBytes(bytes.length));
    digest.update(bytes);
    return bytes.length;
  }

  private static byte[] inBytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
