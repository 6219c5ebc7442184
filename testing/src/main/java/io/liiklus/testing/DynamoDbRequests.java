package io.liiklus.testing;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.regex.Pattern;

/** Requests of DynamoDB's API, for servers that check no signature. Immutable. */
public final class DynamoDbRequests {

  private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);

  private DynamoDbRequests() {}

  /**
   * The request of an operation.
   *
   * @param operation as {@code PutItem}
   * @param body its JSON
   */
  public static HttpRequest of(String endpoint, String operation, String body) {
    return HttpRequest.newBuilder(URI.create(endpoint))
        .timeout(ANSWER_BOUND)
        .header("Content-Type", "application/x-amz-json-1.0")
        .header("X-Amz-Target", "DynamoDB_20120810." + operation)
        .header("X-Amz-Date", "20260101T000000Z")
        .header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request,"
                + " SignedHeaders=host, Signature=0")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /** The request for the counts of a {@link DynamoDbServer}. */
  public static HttpRequest ofCounts(String countsEndpoint) {
    return HttpRequest.newBuilder(URI.create(countsEndpoint)).timeout(ANSWER_BOUND).build();
  }

  /** How often an operation was called, by an answer to {@link #ofCounts}. */
  public static long count(String counts, String operation) {
    var count = Pattern.compile("\"" + operation + "\":(\\d+)").matcher(counts);
    return count.find() ? Long.parseLong(count.group(1)) : 0;
  }
}
