package com.sable.claims;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What stands in a state for a payload that is in a bucket.
 *
 * @param bytes how long the payload is
 * @param sha256 its digest, 64 hexadecimal digits in lower case
 */
public record Claim(String bucket, String key, long bytes, String sha256) {
  /** The one member of the JSON object that a claim is; no payload may use it for anything else. */
  public static final String MEMBER = "claim_check";

  private static final JsonFactory JSON = new JsonFactory();
  private static final int DIGITS = 64;

  /** The claim of which {@link #toJson} wrote these members; refused if they are not all there. */
  static Claim of(Map<String, Object> members) {
    if (members.size() == 4
        && members.get("bucket") instanceof String bucket
        && members.get("key") instanceof String key
        && members.get("bytes") instanceof Long bytes
        && members.get("sha256") instanceof String sha256
        && sha256.length() == DIGITS
        && bytes >= 0) {
      return new Claim(bucket, key, bytes, sha256);
    }
    throw new ClaimRefused("`%s` holds bucket, key, bytes and sha256, nothing else".formatted(MEMBER));
  }

  /** The claim as it stands in a state. */
  public byte[] toJson() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(written)) {
      json.writeStartObject();
      json.writeObjectFieldStart(MEMBER);
      json.writeStringField("bucket", bucket);
      json.writeStringField("key", key);
      json.writeNumberField("bytes", bytes);
      json.writeStringField("sha256", sha256);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return written.toByteArray();
  }

  @Override
  public String toString() {
    return new String(toJson(), UTF_8);
  }
}
