package com.sable.claims;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Leaves payloads in a bucket and has them back: each is written once under a key of its own, with
 * its SHA-256 and encrypted, and is compared with its claim when it is read.
 */
public final class Claims {
  private static final int PRECONDITION_FAILED = 412;
  private static final Set<Integer> PASSING = Set.of(408, 409, 429);
  private static final int SERVER_ERROR = 500;

  private final S3Client s3;
  private final Settings settings;

  /**
   * Which bucket, and how much.
   *
   * @param over payloads of more bytes than this are left in the bucket
   * @param most bytes of the largest payload; it is held in memory twice
   * @param kmsKey the key to encrypt with; without one the bucket's own (SSE-S3)
   */
  public record Settings(String bucket, long over, long most, Optional<String> kmsKey) {
    /** Three quarters of what a state may hold: the rest is for what it holds beside the payload. */
    public static final long DEFAULT_OVER = 196_608;

    public static final long DEFAULT_MOST = 256L << 20;

    /** What {@code CLAIMS_BUCKET}, {@code CLAIMS_OVER}, {@code _MOST} and {@code _KMS_KEY} say. */
    public static Settings fromEnvironment() {
      String bucket = System.getenv("CLAIMS_BUCKET");
      if (bucket == null || bucket.isEmpty()) {
        throw new IllegalStateException("CLAIMS_BUCKET names the bucket of claims; it is not set");
      }
      return new Settings(
          bucket,
          number("CLAIMS_OVER", DEFAULT_OVER),
          number("CLAIMS_MOST", DEFAULT_MOST),
          Optional.ofNullable(System.getenv("CLAIMS_KMS_KEY")).filter(key -> !key.isEmpty()));
    }

    private static long number(String name, long otherwise) {
      String value = System.getenv(name);
      return value == null || value.isEmpty() ? otherwise : Long.parseLong(value);
    }
  }

  public Claims(S3Client s3, Settings settings) {
    this.s3 = s3;
    this.settings = settings;
  }

  /** Takes everything from the environment: the settings, and what the SDK reads there itself. */
  public Claims() {
    this(client(), Settings.fromEnvironment());
  }

  private static S3Client client() {
    Duration perAttempt = Duration.ofSeconds(20);
    return S3Client.builder()
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(perAttempt))
        .overrideConfiguration(limits -> limits.apiCallTimeout(perAttempt.multipliedBy(2)))
        .build();
  }

  /** Whether a payload of this size goes to the bucket without being asked to. */
  public boolean exceeds(long bytes) {
    return bytes > settings.over();
  }

  /**
   * Leaves a payload. Done twice with the same payload it is done once: an attempt whose answer was
   * lost may be repeated.
   */
  public Claim leave(Place place, byte[] payload) {
    if (payload.length > settings.most()) {
      throw new ClaimTooLarge(tooLarge(payload.length));
    }
    String sha256 = Digests.sha256(payload);
    Claim claim = new Claim(settings.bucket(), place.key(), payload.length, sha256);
    try {
      s3.putObject(put(claim), RequestBody.fromBytes(payload));
    } catch (S3Exception error) {
      if (error.statusCode() != PRECONDITION_FAILED) {
        throw named(error, claim.key() + " was not written: ");
      }
      refuseOther(claim);
    } catch (SdkClientException error) {
      throw new ClaimUnavailable(claim.key() + " was not written: " + error.getMessage());
    }
    return claim;
  }

  /** Has the payload of a claim back, or says by name why not; never another payload. */
  public byte[] have(Claim claim) {
    if (!claim.bucket().equals(settings.bucket())) {
      throw new ClaimRefused(
          "a claim on bucket %s, this function has %s".formatted(claim.bucket(), settings.bucket()));
    }
    if (claim.bytes() > settings.most()) {
      throw new ClaimTooLarge(tooLarge(claim.bytes()));
    }
    byte[] payload = read(claim);
    if (payload.length != claim.bytes()) {
      throw new ClaimCorrupted(
          "%s has %d bytes, its claim says %d"
              .formatted(claim.key(), payload.length, claim.bytes()));
    }
    String sha256 = Digests.sha256(payload);
    if (!sha256.equals(claim.sha256())) {
      throw new ClaimCorrupted(
          "%s has the digest %s, its claim says %s".formatted(claim.key(), sha256, claim.sha256()));
    }
    return payload;
  }

  private PutObjectRequest put(Claim claim) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(claim.bucket())
            .key(claim.key())
            .contentType("application/json")
            .contentLength(claim.bytes())
            .checksumSHA256(Digests.base64(claim.sha256()))
            .ifNoneMatch("*");
    settings
        .kmsKey()
        .ifPresentOrElse(
            key ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key),
            () -> request.serverSideEncryption(ServerSideEncryption.AES256));
    return request.build();
  }

  private byte[] read(Claim claim) {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(claim.bucket())
            .key(claim.key())
            .checksumMode(ChecksumMode.ENABLED)
            .build();
    try {
      return s3.getObject(request, ResponseTransformer.toBytes()).asByteArrayUnsafe();
    } catch (NoSuchKeyException error) {
      throw new ClaimMissing("there is no %s in %s".formatted(claim.key(), claim.bucket()));
    } catch (S3Exception error) {
      throw named(error, claim.key() + " was not read: ");
    } catch (RetryableException error) { // what the SDK raises when a checksum does not hold
      throw new ClaimCorrupted(claim.key() + " was not read whole: " + error.getMessage());
    } catch (SdkClientException error) {
      throw new ClaimUnavailable(claim.key() + " was not read: " + error.getMessage());
    }
  }

  private void refuseOther(Claim claim) {
    try {
      have(claim);
    } catch (ClaimCorrupted error) {
      throw new ClaimTaken("another payload is there already: " + error.getMessage());
    }
  }

  private static ClaimError named(S3Exception error, String what) {
    int status = error.statusCode();
    boolean passing = status >= SERVER_ERROR || PASSING.contains(status);
    String text = what + error.getMessage();
    return passing ? new ClaimUnavailable(text) : new ClaimRefused(text);
  }

  private String tooLarge(long bytes) {
    return "a payload of %d bytes, at most %d are taken".formatted(bytes, settings.most());
  }
}
