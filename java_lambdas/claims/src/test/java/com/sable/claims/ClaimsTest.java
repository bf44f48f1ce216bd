package com.sable.claims;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class ClaimsTest {
  private static final Place PLACE = new Place("batch-1", "PlanBatch", 0, "3f2a");

  private final Bucket bucket = new Bucket();
  private final Claims claims = claims(Optional.empty());

  private Claims claims(Optional<String> kmsKey) {
    return new Claims(bucket, new Claims.Settings("parameters", 10, 1000, kmsKey));
  }

  @Test
  void whatWasLeftIsHadBack() {
    byte[] payload = "[1, 2]".getBytes(UTF_8);
    Claim claim = claims.leave(PLACE, payload);
    assertEquals("batch-1/PlanBatch/0-3f2a", claim.key());
    assertEquals(6, claim.bytes());
    assertArrayEquals(payload, claims.have(claim));
  }

  @Test
  void itIsWrittenOnceEncryptedAndReadWithItsChecksum() {
    Claim claim = claims.leave(PLACE, "12".getBytes(UTF_8));
    PutObjectRequest put = bucket.puts.get(0);
    assertEquals("*", put.ifNoneMatch());
    assertEquals(ServerSideEncryption.AES256, put.serverSideEncryption());
    assertEquals(Digests.base64(claim.sha256()), put.checksumSHA256());
    claims.have(claim);
    assertEquals(ChecksumMode.ENABLED, bucket.gets.get(0).checksumMode());
  }

  @Test
  void aKeyOfTheTeamsOwnEncryptsWhereOneIsNamed() {
    claims(Optional.of("alias/claims")).leave(PLACE, "12".getBytes(UTF_8));
    assertEquals(ServerSideEncryption.AWS_KMS, bucket.puts.get(0).serverSideEncryption());
    assertEquals("alias/claims", bucket.puts.get(0).ssekmsKeyId());
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11})
  void whatExceedsTheSizeGoesToTheBucket(int bytes) {
    assertEquals(bytes == 11, claims.exceeds(bytes));
  }

  @Test
  void anAttemptWhoseAnswerWasLostMayBeRepeated() {
    bucket.losesAnswers = true;
    byte[] payload = "12".getBytes(UTF_8);
    assertThrows(ClaimUnavailable.class, () -> claims.leave(PLACE, payload));
    bucket.losesAnswers = false;
    assertArrayEquals(payload, claims.have(claims.leave(PLACE, payload)));
  }

  @Test
  void anotherPayloadUnderTheSameKeyIsRefused() {
    Claim first = claims.leave(PLACE, "12".getBytes(UTF_8));
    assertThrows(ClaimTaken.class, () -> claims.leave(PLACE, "13".getBytes(UTF_8)));
    assertArrayEquals("12".getBytes(UTF_8), claims.have(first));
  }

  @Test
  void aChangedByteOrLengthIsCorruption() {
    Claim claim = claims.leave(PLACE, "[1, 2]".getBytes(UTF_8));
    for (String other : new String[] {"[1, 3]", "[1, 2] ", "[1, 2", ""}) {
      bucket.objects.put(claim.key(), other.getBytes(UTF_8));
      assertThrows(ClaimCorrupted.class, () -> claims.have(claim), other);
    }
  }

  @Test
  void anObjectThatIsGoneIsMissing() {
    Claim claim = claims.leave(PLACE, "[1, 2]".getBytes(UTF_8));
    bucket.objects.clear();
    ClaimMissing error = assertThrows(ClaimMissing.class, () -> claims.have(claim));
    assertTrue(error.getMessage().contains("batch-1/PlanBatch/0-3f2a"));
  }

  @Test
  void aBucketThatDoesNotAnswerIsUnavailable() {
    Claim claim = claims.leave(PLACE, "[1, 2]".getBytes(UTF_8));
    for (RuntimeException failure :
        new RuntimeException[] {
          refusal(503), refusal(500), refusal(429), refusal(409), SdkClientException.create("reset")
        }) {
      bucket.failure = Optional.of(failure);
      assertThrows(ClaimUnavailable.class, () -> claims.have(claim));
      assertThrows(ClaimUnavailable.class, () -> claims.leave(PLACE, new byte[2]));
    }
  }

  @Test
  void aBucketThatDoesNotLetThisFunctionInIsNotAskedAgain() {
    Claim claim = claims.leave(PLACE, "[1, 2]".getBytes(UTF_8));
    bucket.failure = Optional.of(refusal(403));
    assertThrows(ClaimRefused.class, () -> claims.have(claim));
    assertThrows(ClaimRefused.class, () -> claims.leave(PLACE, new byte[2]));
  }

  private static RuntimeException refusal(int status) {
    return S3Exception.builder().statusCode(status).message("refused").build();
  }

  @Test
  void aClaimOnAnotherBucketIsRefusedBeforeItIsRead() {
    Claim claim = new Claim("elsewhere", "key", 2, "0".repeat(64));
    assertThrows(ClaimRefused.class, () -> claims.have(claim));
    assertTrue(bucket.gets.isEmpty());
  }

  @Test
  void whatIsTooLargeIsNeitherLeftNorRead() {
    assertThrows(ClaimTooLarge.class, () -> claims.leave(PLACE, new byte[1001]));
    Claim claim = new Claim("parameters", "key", 1001, "0".repeat(64));
    assertThrows(ClaimTooLarge.class, () -> claims.have(claim));
    assertTrue(bucket.puts.isEmpty() && bucket.gets.isEmpty());
    claims.leave(PLACE, new byte[1000]);
  }

  @Test
  void keysTellStatesAttemptsAndInvocationsApart() {
    assertNotEquals(PLACE.key(), new Place("batch-1", "PlanBatch", 1, "3f2a").key());
    assertNotEquals(PLACE.key(), new Place("batch-1", "PlanBatch", 0, "3f2b").key());
    assertEquals("a%2Fb/..%2F%2A/0-_..", new Place("a/b", "../*", 0, "..").key());
    assertEquals("_/Copy+of+%C3%A9/0-x", new Place("", "Copy of é", 0, "x").key());
  }

  @Test
  void longNamesStayApartWithinTheLengthOfAKey() {
    String one = new Place("é".repeat(80), "状".repeat(80), 0, "x".repeat(300)).key();
    String other = new Place("é".repeat(80), "状".repeat(79) + "態", 0, "x".repeat(300)).key();
    assertTrue(one.getBytes(UTF_8).length <= 1024, one);
    assertNotEquals(one, other);
  }
}
