package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.History;
import io.liiklus.faults.journal.Invariants;
import io.liiklus.faults.journal.Journal;
import io.liiklus.faults.load.Group;
import io.liiklus.faults.load.LogReader;
import io.liiklus.faults.load.Plan;
import io.liiklus.faults.load.StreamMember;
import io.liiklus.faults.load.StreamPublisher;
import io.liiklus.testing.TcpRelay;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients of Consume and PublishStream behind a balancer that spreads their connections over two
 * gateways, which are killed and restarted: nothing is lost, and each partition keeps its order.
 */
class BalancerFaultsIT {

  private static final String TOPIC = "balancer-faults";
  private static final int PARTITIONS = 6;
  private static final int MEMBERS = 3;
  private static final int PUBLISHERS = 2;

  /** Records of each publisher that pass before anything is taken for well. */
  private static final int FRESH = 50;

  private static final int ROUNDS = Boolean.getBoolean("liiklus.faults.heavy") ? 4 : 1;
  private static final int TERMINATED = 143;

  private final Deployment deployment = SharedDeployment.get();
  private final Baseline baseline = SharedDeployment.baseline();
  private final List<StreamMember> members = new ArrayList<>();
  private final List<StreamPublisher> publishers = new ArrayList<>();

  private TcpRelay balancer;
  private Journal journal;
  private Group group;

  @BeforeEach
  void open() {
    deployment.createTopic(TOPIC, PARTITIONS);
    var gateways =
        deployment.addresses().stream()
            .map(gateway -> InetSocketAddress.createUnresolved("127.0.0.1", gateway.port()))
            .toList();
    balancer = TcpRelay.spreading(gateways);
    journal = Stage.journal(TOPIC);
    var address = new Address("balancer", balancer.port());
    group = new Group(new Plan(TOPIC, TOPIC, false), List.of(address), journal);
    for (int i = 0; i < MEMBERS; i++) {
      members.add(new StreamMember(group, "member-" + i, address));
    }
    for (int i = 0; i < PUBLISHERS; i++) {
      publishers.add(new StreamPublisher(TOPIC, "publisher-" + i, address, journal));
    }
  }

  @AfterEach
  void close() {
    publishers.forEach(StreamPublisher::close);
    members.forEach(StreamMember::close);
    group.close();
    balancer.close();
    journal.close();
  }

  @Test
  void killsAndRollingRestarts_loseNothing() {
    awaitShared();
    for (int round = 0; round < ROUNDS; round++) {
      var killed = deployment.gateway(1 + round % 2);
      killed.kill();
      awaitCaughtUp();
      killed.start();

      // The other one first, as it has all clients.
      restart(deployment.gateway(2 - round % 2));
      restart(killed);
      awaitShared();
    }

    publishers.forEach(StreamPublisher::close);
    awaitReceived();
    members.forEach(StreamMember::close);
    check();
  }

  private void restart(Gateway gateway) {
    gateway.terminate();
    assertThat(gateway.awaitEnd()).isEqualTo(TERMINATED);
    awaitCaughtUp();
    gateway.start();
  }

  private void awaitShared() {
    await("members share the partitions")
        .atMost(Stage.RECOVERY_BOUND)
        .until(
            () ->
                members.stream().mapToInt(StreamMember::partitions).sum() == PARTITIONS
                    && members.stream().allMatch(member -> member.partitions() > 0));
    awaitCaughtUp();
  }

  /** Returns when each publisher has new answers, and all that was answered OK is received. */
  private void awaitCaughtUp() {
    var enough = publishers.stream().map(one -> one.answered() + FRESH).toList();
    await("records are published")
        .atMost(Stage.RECOVERY_BOUND)
        .until(
            () -> {
              for (int i = 0; i < PUBLISHERS; i++) {
                if (publishers.get(i).answered() < enough.get(i)) {
                  return false;
                }
              }
              return true;
            });
    awaitReceived();
  }

  private void awaitReceived() {
    var missing = new ArrayList<>(published());
    await("records are received")
        .atMost(Stage.RECOVERY_BOUND)
        .pollInSameThread()
        .until(
            () -> {
              missing.removeIf(group::hasReceived);
              return missing.isEmpty();
            });
  }

  private List<Published> published() {
    return journal.events().stream()
        .filter(Published.class::isInstance)
        .map(Published.class::cast)
        .toList();
  }

  private void check() {
    var history = History.of(journal.events());
    var log = LogReader.read(deployment, TOPIC);
    journal.flush();
    assertThat(Invariants.check(history, log, List.of(group.name())))
        .as("journal %s", journal.file())
        .isEmpty();
    assertThat(baseline.leftovers(List.of(group))).isEmpty();
    for (var gateway : deployment.gateways()) {
      assertThat(gateway.log().problems(List.of())).isEmpty();
    }
  }
}
