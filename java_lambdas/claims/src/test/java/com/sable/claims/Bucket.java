package com.sable.claims;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket in memory that keeps what it was asked, and can be made to fail. */
final class Bucket implements S3Client {
  final Map<String, byte[]> objects = new HashMap<>();
  final List<PutObjectRequest> puts = new ArrayList<>();
  final List<GetObjectRequest> gets = new ArrayList<>();
  Optional<RuntimeException> failure = Optional.empty();
  boolean losesAnswers;

  @Override
  public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
    puts.add(request);
    failure.ifPresent(
        error -> {
          throw error;
        });
    if ("*".equals(request.ifNoneMatch()) && objects.containsKey(request.key())) {
      throw S3Exception.builder().statusCode(412).message("PreconditionFailed").build();
    }
    objects.put(request.key(), bytes(body));
    if (losesAnswers) {
      throw SdkClientException.create("connection reset");
    }
    return PutObjectResponse.builder().build();
  }

  @Override
  public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> as) {
    gets.add(request);
    failure.ifPresent(
        error -> {
          throw error;
        });
    byte[] found = objects.get(request.key());
    if (found == null) {
      throw NoSuchKeyException.builder().statusCode(404).message("NoSuchKey").build();
    }
    GetObjectResponse response =
        GetObjectResponse.builder().contentLength((long) found.length).build();
    try {
      InputStream stream = new ByteArrayInputStream(found);
      return as.transform(response, AbortableInputStream.create(stream));
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }

  private static byte[] bytes(RequestBody body) {
    try (InputStream stream = body.contentStreamProvider().newStream()) {
      return stream.readAllBytes();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Override
  public String serviceName() {
    return "s3";
  }

  @Override
  public void close() {}
}
