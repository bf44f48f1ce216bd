package com.sable.claims;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** The same over the wire: on the bucket that the environment names, at the SDK's usual endpoint. */
@EnabledIfEnvironmentVariable(named = "CLAIMS_BUCKET", matches = ".+")
class ClaimsOnS3Test {
  private static final int STATE = 262_144; // bytes that a state may hold

  private final S3Client s3 =
      S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
  private final String bucket = System.getenv("CLAIMS_BUCKET");
  private final String execution = "test-" + UUID.randomUUID();

  private Claims claims(long over) {
    long most = Claims.Settings.DEFAULT_MOST;
    return new Claims(s3, new Claims.Settings(bucket, over, most, Optional.empty()));
  }

  private static byte[] call(ClaimingHandler handler, byte[] event) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event), output, null);
    return output.toByteArray();
  }

  private byte[] produce(int bytes, long over) throws IOException {
    String event =
        "{\"claims\": {\"execution\": \"%s\", \"state\": \"Produce\", \"attempt\": 0}, \"event\": %d}"
            .formatted(execution, bytes);
    return call(
        new ClaimingHandler(Handlers.named(Produce.class.getName()), claims(over), "produce"),
        event.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 262144, false",
    "1, 0, true",
    "262143, 262144, false",
    "262144, 262144, false",
    "262145, 262144, true",
    "262143, 196608, true",
    "67108864, 196608, true"
  })
  void payloadsPassBetweenTwoLambdasUnharmed(int bytes, long over, boolean claimed)
      throws IOException {
    byte[] state = produce(bytes, over);
    assertEquals(claimed, new String(state, UTF_8).startsWith("{\"claim_check\""));
    assertTrue(state.length <= STATE);
    Consume consume = new Consume();
    byte[] said = call(new ClaimingHandler(consume, claims(STATE), "consume"), state);
    assertEquals(Consume.said(Produce.json(bytes)), new String(said, UTF_8));
  }

  @Test
  void theObjectIsEncryptedAndUnderTheExecutionsName() {
    Claim claim = claims(0).leave(new Place(execution, "s", 1, "i"), new byte[] {'7'});
    assertTrue(claim.key().startsWith(execution + "/s/1-"));
    HeadObjectResponse head = s3.headObject(at -> at.bucket(bucket).key(claim.key()));
    assertEquals(ServerSideEncryption.AES256, head.serverSideEncryption());
  }

  @Test
  void aKeyIsWrittenOnce() {
    Place place = new Place(execution, "s", 0, "i");
    Claim claim = claims(0).leave(place, "1".getBytes(UTF_8));
    assertEquals(claim, claims(0).leave(place, "1".getBytes(UTF_8)));
    assertThrows(ClaimTaken.class, () -> claims(0).leave(place, "2".getBytes(UTF_8)));
    assertArrayEquals("1".getBytes(UTF_8), claims(0).have(claim));
  }

  @Test
  void whatWasOverwrittenCutOrDeletedHasAName() {
    Claim claim = claims(0).leave(new Place(execution, "s", 0, "i"), "[1, 2]".getBytes(UTF_8));
    for (String other : new String[] {"[1, 3]", "[1, 2", ""}) {
      s3.putObject(put -> put.bucket(bucket).key(claim.key()), RequestBody.fromString(other));
      assertThrows(ClaimCorrupted.class, () -> claims(0).have(claim), other);
    }
    s3.deleteObject(delete -> delete.bucket(bucket).key(claim.key()));
    assertThrows(ClaimMissing.class, () -> claims(0).have(claim));
  }

  @Test
  void aBucketThatIsNotThereIsNotWorthAnotherAttempt() {
    Claims.Settings settings = new Claims.Settings(bucket + "-none", 0, 10, Optional.empty());
    Claims elsewhere = new Claims(s3, settings);
    Place place = new Place(execution, "s", 0, "i");
    assertThrows(ClaimRefused.class, () -> elsewhere.leave(place, new byte[] {'7'}));
    Claim claim = new Claim(settings.bucket(), "k", 1, "0".repeat(64));
    assertThrows(ClaimRefused.class, () -> elsewhere.have(claim));
  }
}
