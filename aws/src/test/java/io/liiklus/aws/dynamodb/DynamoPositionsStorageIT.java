package io.liiklus.aws.dynamodb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoPositionsStorageIT extends PositionsStorageContract {

  private static OpenPositions open;
  private static OpenPositions second;

  @BeforeAll
  static void opens() {
    assumeTrue(DynamoDbServer.isAvailable());
    var settings = TestSettings.at(SharedDynamoDb.server().endpoint(), "contract");
    open = OpenPositions.open(new DynamoPositionsStorageFactory(), settings).untilConnected();
    second = OpenPositions.open(new DynamoPositionsStorageFactory(), settings).untilConnected();
  }

  @AfterAll
  static void closes() {
    if (open != null) {
      second.close();
      open.close();
    }
  }

  @Override
  protected PositionsStorage storage() {
    return open.storage();
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.of(second.storage());
  }
}
