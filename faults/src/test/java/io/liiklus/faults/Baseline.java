package io.liiklus.faults;

import static org.awaitility.Awaitility.await;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Deployment.Positions;
import io.liiklus.faults.deployment.Footprint;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.load.Group;
import io.liiklus.testing.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Resources that the gateways use without clients. A gateway that was restarted since is compared
 * with its use before. Immutable.
 */
record Baseline(Deployment deployment, Map<String, Footprint> footprints) {

  /** The producer, the Admin client, and those that read at the end (kafka.tailReaders). */
  private static final int RECORDS_CLIENTS = 4;

  /** The producer, the Admin client and the reader of the positions topic. */
  private static final int POSITIONS_CLIENTS = 3;

  /** To a broker as one that was named to it, and as one of the cluster. */
  private static final int CONNECTIONS_OF_EACH = 2;

  /** sql.writers and sql.readers, and two more. */
  private static final int POOL = 6;

  /** The bound of the storage in DynamoDB. */
  private static final int SDK_CONNECTIONS = 64;

  private static final String WARM_UP = "warm-up-";
  private static final Duration QUIET_BOUND = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration ADMIN_BOUND = Duration.ofSeconds(30);

  /** Lets clients come, so that all is made that is made once, and go. */
  static Baseline of(Deployment deployment) {
    var topic = WARM_UP + deployment.positions() + "-" + UUID.randomUUID();
    try (var stage = Stage.open(deployment, topic, new Random(1))) {
      stage.awaitBalanced();
      stage.awaitCaughtUp();
      for (var gateway : deployment.gateways()) {
        if (deployment.kafka() != null && !gateway.footprint().hasMembers()) {
          throw new IllegalStateException("members are not known by their threads any more");
        }
      }
    }
    var footprints = new HashMap<String, Footprint>();
    for (var gateway : deployment.gateways()) {
      await(gateway.name() + " has no clients")
          .atMost(QUIET_BOUND)
          .pollInterval(LOOK)
          .until(() -> isQuiet(gateway, footprints));
    }
    footprints.replaceAll((name, footprint) -> withClients(deployment, footprint));
    return new Baseline(deployment, Map.copyOf(footprints));
  }

  /** These stay, and open connections to servers as they like. */
  private static Footprint withClients(Deployment deployment, Footprint footprint) {
    var raised = footprint;
    if (deployment.postgres() != null) {
      for (int port : deployment.postgres().ports()) {
        raised = raised.withConnectionsOf(port, POOL);
      }
    }
    if (deployment.positions() == Positions.DYNAMODB) {
      raised = raised.withConnectionsOf(deployment.dynamo().relay().port(), SDK_CONNECTIONS);
    }
    if (deployment.kafka() == null) {
      return raised;
    }
    int clients =
        deployment.positions() == Positions.KAFKA
            ? RECORDS_CLIENTS + POSITIONS_CLIENTS
            : RECORDS_CLIENTS;
    for (var broker : deployment.kafka().bootstrapServers().split(",")) {
      int port = Integer.parseInt(broker.substring(broker.lastIndexOf(':') + 1));
      raised = raised.withConnectionsOf(port, clients * CONNECTIONS_OF_EACH);
    }
    return raised;
  }

  private static boolean isQuiet(Gateway gateway, Map<String, Footprint> footprints) {
    var footprint = gateway.footprint();
    footprints.put(gateway.name(), footprint);
    return !footprint.connections().containsKey(gateway.grpcPort())
        && !footprint.hasMembers()
        && !footprint.hasCatchUpReaders();
  }

  /** Remains of clients that are gone, in the gateways and in their groups. */
  List<String> leftovers(List<Group> groups) {
    var left = new ArrayList<String>();
    for (var gateway : deployment.gateways()) {
      whatStays(() -> growth(gateway)).forEach(one -> left.add(gateway.name() + " keeps " + one));
    }
    // A member that leaves without knowing the group's coordinator stays until its session ends.
    groups.forEach(group -> left.addAll(whatStays(() -> membersOf(group.name()))));
    return left;
  }

  private static List<String> whatStays(Supplier<List<String>> found) {
    try {
      await().atMost(QUIET_BOUND).pollInterval(LOOK).until(() -> found.get().isEmpty());
      return List.of();
    } catch (ConditionTimeoutException stays) {
      return found.get();
    }
  }

  private List<String> growth(Gateway gateway) {
    return gateway.footprint().growthOver(footprints.get(gateway.name()));
  }

  private List<String> membersOf(String group) {
    if (deployment.kafka() == null) {
      var document = "key like 'g/%/" + group + "'";
      var count =
          deployment
              .postgres()
              .primary()
              .ask(
                  PostgresServer.DATABASE,
                  "select count(*) from liiklus_coordination where " + document);
      return count.equals("0") ? List.of() : List.of("the database has the group " + group);
    }
    try {
      return deployment
          .kafka()
          .admin()
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get(ADMIN_BOUND.toMillis(), TimeUnit.MILLISECONDS)
          .members()
          .stream()
          .map(member -> "the broker has a member of group " + group + ": " + member.clientId())
          .toList();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("cannot ask for the members of " + group, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for members", e);
    }
  }
}
