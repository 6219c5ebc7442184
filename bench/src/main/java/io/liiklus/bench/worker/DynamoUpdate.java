package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import io.liiklus.testing.DynamoDbRequests;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Updates of positions as a gateway makes them, one on its way for each position, by the client of
 * the JDK. Immutable.
 */
final class DynamoUpdate implements Work {

  private static final int OK = 200;
  private static final int MAX_LOOKS = 500;
  private static final long LOOK_MS = 20;

  private static final String TABLE =
      """
      {"TableName": "%s", "BillingMode": "PAY_PER_REQUEST",
       "AttributeDefinitions": [{"AttributeName": "topic", "AttributeType": "S"},
                                {"AttributeName": "groupId", "AttributeType": "S"}],
       "KeySchema": [{"AttributeName": "topic", "KeyType": "HASH"},
                     {"AttributeName": "groupId", "KeyType": "RANGE"}]}
      """;

  private static final String ITEM =
      """
      {"TableName": "%s", "Item": {"topic": {"S": "topic"}, "groupId": {"S": "group-%d"},
       "positions": {"M": {}}}}
      """;

  private static final String UPDATE =
      """
      {"TableName": "%s", "Key": {"topic": {"S": "topic"}, "groupId": {"S": "group-%d"}},
       "UpdateExpression": "SET positions.#0=:0", "ConditionExpression": "attribute_exists(positions)",
       "ExpressionAttributeNames": {"#0": "%d"}, "ExpressionAttributeValues": {":0": {"N": "%d"}}}
      """;

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var http = HttpClient.newHttpClient();
    var endpoint = order.text("dynamo.endpoint");
    var table = "bare-" + UUID.randomUUID();
    create(http, endpoint, table);
    var meter = new Meter(order);
    for (int group = 0; group < order.number("groups"); group++) {
      var unused = ask(http, endpoint, "PutItem", ITEM.formatted(table, group));
      for (int partition = 0; partition < order.number("partitions"); partition++) {
        new Lane(http, endpoint, table, group, partition, meter).next(0);
      }
    }
    meter.warmUp();
    try (var writes = PositionWrites.of(order)) {
      long before = writes.count();
      var figures = meter.window();
      double written = writes.count() - before;
      return figures.with("storage writes/s", written / order.number("seconds"));
    }
  }

  private static void create(HttpClient http, String endpoint, String table) throws Exception {
    var unused = ask(http, endpoint, "CreateTable", TABLE.formatted(table));
    var look = "{\"TableName\": \"" + table + "\"}";
    for (int i = 0; i < MAX_LOOKS; i++) {
      if (ask(http, endpoint, "DescribeTable", look).contains("\"ACTIVE\"")) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
    throw new IllegalStateException("the table is not made");
  }

  private static String ask(HttpClient http, String endpoint, String operation, String body)
      throws Exception {
    var answer = http.send(DynamoDbRequests.of(endpoint, operation, body), BodyHandlers.ofString());
    if (answer.statusCode() != OK) {
      throw new IllegalStateException(operation + ": " + answer.body());
    }
    return answer.body();
  }

  /** One update of a position after the other. Immutable. */
  private record Lane(
      HttpClient http, String endpoint, String table, int group, int partition, Meter meter) {

    void next(long offset) {
      long askedNs = System.nanoTime();
      var body = UPDATE.formatted(table, group, partition, offset);
      var unused =
          http.sendAsync(DynamoDbRequests.of(endpoint, "UpdateItem", body), BodyHandlers.ofString())
              .whenComplete(
                  (answer, failure) -> {
                    if (failure != null || answer.statusCode() != OK) {
                      meter.fail(
                          failure != null ? failure : new IllegalStateException(answer.body()));
                    } else {
                      meter.addAnswer(1, body.length(), askedNs);
                      next(offset + 1);
                    }
                  });
    }
  }
}
