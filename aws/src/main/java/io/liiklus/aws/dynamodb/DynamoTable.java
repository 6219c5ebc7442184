package io.liiklus.aws.dynamodb;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.aws.dynamodb.DynamoSettings.MissingTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * A table, which is created at the start where that is asked for and it is missing. One that goes
 * missing later is not created again: groups would begin anew. Thread-safe.
 */
final class DynamoTable {

  private static final Logger log = LoggerFactory.getLogger(DynamoTable.class);

  private static final long PAUSE_MS = 100;

  private final DynamoAccess access;
  private final String name;
  private final List<String> keys;
  private final MissingTable missing;
  private final Duration timeout;

  // Any thread. Once it was seen, or where it is not asked for.
  private volatile boolean isReady;

  // Guarded by this.
  private CompletableFuture<DynamoDbAsyncClient> look;

  /**
   * @param keys names of its hash key and of its range key, if it has one; texts
   */
  DynamoTable(DynamoAccess access, String name, List<String> keys, DynamoSettings settings) {
    this.access = access;
    this.name = name;
    this.keys = List.copyOf(keys);
    this.missing = settings.tables();
    this.timeout = settings.callTimeout();
    this.isReady = missing != MissingTable.IS_MADE;
  }

  String name() {
    return name;
  }

  /** What becomes of it where it is missing. */
  MissingTable missing() {
    return missing;
  }

  /** The client, once the table is there, as far as this creates it. */
  CompletionStage<DynamoDbAsyncClient> client() {
    return isReady ? access.client() : access.client().thenCompose(this::look);
  }

  private synchronized CompletableFuture<DynamoDbAsyncClient> look(DynamoDbAsyncClient client) {
    if (look == null || look.isDone()) {
      look = access.onThread(() -> awaitActive(client));
    }
    return look;
  }

  /** Tries for as long as a call lasts; the next one goes on. */
  private DynamoDbAsyncClient awaitActive(DynamoDbAsyncClient client) {
    long startNs = System.nanoTime();
    var status = statusOrCreate(client);
    while (!isUsable(status)) {
      if (System.nanoTime() - startNs > timeout.toNanos()) {
        throw new StorageException(
            Kind.UNAVAILABLE, "the table %s of DynamoDB is %s yet".formatted(name, status));
      }
      pause();
      status = statusOrCreate(client);
    }
    isReady = true;
    return client;
  }

  private static boolean isUsable(TableStatus status) {
    return status == TableStatus.ACTIVE || status == TableStatus.UPDATING;
  }

  private TableStatus statusOrCreate(DynamoDbAsyncClient client) {
    try {
      var known = describe(client);
      if (known.isPresent()) {
        requireKeys(known.get());
        return known.get().tableStatus();
      }
      create(client);
      return TableStatus.CREATING;
    } catch (CompletionException failure) {
      throw DynamoFailures.of(failure, this);
    }
  }

  private Optional<TableDescription> describe(DynamoDbAsyncClient client) {
    try {
      return Optional.of(client.describeTable(one -> one.tableName(name)).join().table());
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof ResourceNotFoundException) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private void requireKeys(TableDescription table) {
    var found = table.keySchema().stream().map(KeySchemaElement::attributeName).toList();
    if (!found.equals(keys)) {
      throw new StorageException(
          Kind.PRECONDITION,
          "the table %s of DynamoDB has the keys %s, and not %s: name another table"
              .formatted(name, found, keys));
    }
  }

  private void create(DynamoDbAsyncClient client) {
    var attributes =
        keys.stream()
            .map(
                key ->
                    AttributeDefinition.builder()
                        .attributeName(key)
                        .attributeType(ScalarAttributeType.S)
                        .build())
            .toList();
    var schema =
        keys.stream()
            .map(
                key ->
                    KeySchemaElement.builder()
                        .attributeName(key)
                        .keyType(key.equals(keys.get(0)) ? KeyType.HASH : KeyType.RANGE)
                        .build())
            .toList();
    try {
      client
          .createTable(
              one ->
                  one.tableName(name)
                      .attributeDefinitions(attributes)
                      .keySchema(schema)
                      .billingMode(BillingMode.PAY_PER_REQUEST))
          .join();
      log.info("table created in DynamoDB, table={}", name);
    } catch (CompletionException failure) {
      // Another gateway was first.
      if (!(failure.getCause() instanceof ResourceInUseException)) {
        throw failure;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw DynamoAccess.closed();
    }
  }
}
