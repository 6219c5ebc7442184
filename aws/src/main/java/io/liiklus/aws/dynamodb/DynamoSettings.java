package io.liiklus.aws.dynamodb;

import io.liiklus.api.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings of root {@code dynamodb}, checked; {@code reference.conf} has the meaning of each.
 * Immutable.
 *
 * @param region empty: that of the SDK's chain
 * @param endpoint empty: that of the region
 * @param tables what becomes of missing tables
 */
record DynamoSettings(
    String positionsTable,
    String groupsTable,
    MissingTable tables,
    String region,
    Optional<URI> endpoint,
    Duration callTimeout,
    int maxPendingCalls) {

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(50);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}|arn:[!-~]{1,1000}");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,63}");
  private static final String GROUPS = "-groups";

  /** What becomes of a table that is missing. */
  enum MissingTable {
    /** Calls fail until somebody creates it. */
    IS_AWAITED,
    /** It is created at the start. */
    IS_MADE,
    /** Nothing is created, though a gateway of these settings would: there are no positions yet. */
    IS_NOT_MADE_YET
  }

  /** Empty where they cannot be used; the settings have every reason. */
  static Optional<DynamoSettings> read(Settings settings) {
    var positionsTable = settings.text("positionsTable");
    var given = settings.text("groupsTable");
    var groupsTable = given.isEmpty() ? positionsTable + GROUPS : given;
    boolean isUsable =
        isTable(settings, "positionsTable", positionsTable)
            && isTable(settings, "groupsTable", groupsTable);
    if (isUsable && groupsTable.equals(positionsTable)) {
      settings.refuse("groupsTable", "is the table of dynamodb.positionsTable; another one");
      isUsable = false;
    }
    var region = settings.text("region");
    if (!region.isEmpty() && !REGION.matcher(region).matches()) {
      settings.refuse("region", region + " is not allowed; the id of a region, as eu-central-1");
      isUsable = false;
    }
    var endpoint = endpoint(settings);
    boolean isCreating = settings.flag("autoCreateTable");
    var callTimeout = settings.duration("callTimeout", SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
    int maxPendingCalls = settings.integer("maxPendingCalls", 1, 1_000_000);
    if (!isUsable || endpoint.isEmpty() != settings.text("endpoint").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DynamoSettings(
            positionsTable,
            groupsTable,
            isCreating ? MissingTable.IS_MADE : MissingTable.IS_AWAITED,
            region,
            endpoint,
            callTimeout,
            maxPendingCalls));
  }

  private static boolean isTable(Settings settings, String key, String name) {
    if (key.equals("positionsTable") && name.isEmpty()) {
      settings.refuse(key, "is not set: the name of the table that positions are in");
      return false;
    }
    if (!NAME.matcher(name).matches()) {
      settings.refuse(
          key,
          name
              + " is not allowed; a name of 3 to 255 letters, digits, _, - and ., or the ARN of a"
              + " table");
      return false;
    }
    return true;
  }

  /** Empty where it is not set, and where it is refused. */
  private static Optional<URI> endpoint(Settings settings) {
    var text = settings.text("endpoint");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      var uri = new URI(text);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getUserInfo() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException notOne) {
      // Refused below.
    }
    settings.refuse("endpoint", "is no URI of a server; http://HOST:PORT or https://HOST");
    return Optional.empty();
  }

  /** The same for a storage that makes nothing. */
  DynamoSettings readOnly() {
    return new DynamoSettings(
        positionsTable,
        groupsTable,
        tables == MissingTable.IS_MADE ? MissingTable.IS_NOT_MADE_YET : tables,
        region,
        endpoint,
        callTimeout,
        maxPendingCalls);
  }
}
