package com.amazonaws.services.lambda.runtime;

/** As in aws-lambda-java-core: the worker knows it by its name. */
public interface RequestHandler<I, O> {
  O handleRequest(I input, Context context);
}
