package io.liiklus.faults;

import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Faults of brokers, under a load that wants all replicas in sync to have a record. */
enum BrokerFault implements Fault {
  KILL_ONE("F7 kill -9 of one broker of three") {
    @Override
    void breakIt(Stage stage) {
      killed(stage, 1, stage::awaitGoesOn);
    }
  },

  KILL_TWO("F7 kill -9 of two brokers of three") {
    @Override
    void breakIt(Stage stage) {
      killed(stage, 2, () -> stage.last(AWAY));
    }
  },

  KILL_ALL("F7 kill -9 of all brokers") {
    @Override
    void breakIt(Stage stage) {
      killed(stage, 3, () -> stage.last(AWAY));
    }
  },

  KILL_LEADER_OF_POSITIONS("F7 kill -9 of the broker that leads the positions") {
    @Override
    void breakIt(Stage stage) {
      killed(stage, List.of(busiest(stage, POSITIONS)), stage::awaitGoesOn);
    }
  },

  HANG("F7 a broker hangs") {
    @Override
    void breakIt(Stage stage) {
      var kafka = stage.deployment().kafka();
      int broker = busiest(stage, stage.topic());
      kafka.pause(broker);
      try {
        stage.awaitGoesOn();
      } finally {
        kafka.resume(broker);
      }
    }
  };

  private static final Duration ADMIN_BOUND = Duration.ofSeconds(30);
  private static final Duration AWAY = Duration.ofSeconds(4);

  /** The default of kafka.positions.topic. */
  private static final String POSITIONS = "liiklus-positions";

  private final String title;

  BrokerFault(String title) {
    this.title = title;
  }

  abstract void breakIt(Stage stage);

  @Override
  public void inject(Stage stage) {
    long sinceNs = stage.journal().nowNs();
    breakIt(stage);
    requireStreamsStayOpen(stage, sinceNs);
  }

  /** Partitions may move, which ends a Receive with OK. */
  private static void requireStreamsStayOpen(Stage stage, long sinceNs) {
    var subscriptions = stage.events(SubscribeEnded.class, sinceNs);
    var receives =
        stage.events(ReceiveEnded.class, sinceNs).stream().filter(one -> !one.isOk()).toList();
    if (!subscriptions.isEmpty() || !receives.isEmpty()) {
      throw new AssertionError("streams ended: " + subscriptions + receives);
    }
  }

  @Override
  public String title() {
    return title;
  }

  /** All brokers' numbers, in any order. */
  private static List<Integer> any(Stage stage) {
    var numbers = new ArrayList<Integer>();
    for (int number = 1; number <= stage.deployment().kafka().brokers(); number++) {
      numbers.add(number);
    }
    Collections.shuffle(numbers, stage.random());
    return numbers;
  }

  /** The broker that leads most partitions of the topic. */
  private static int busiest(Stage stage, String topic) {
    try {
      var partitions =
          stage
              .deployment()
              .kafka()
              .admin()
              .describeTopics(List.of(topic))
              .topicNameValues()
              .get(topic)
              .get(ADMIN_BOUND.toMillis(), TimeUnit.MILLISECONDS)
              .partitions();
      return Collections.max(
          any(stage),
          Comparator.comparing(
              broker -> partitions.stream().filter(one -> one.leader().id() == broker).count()));
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("cannot ask who leads " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking who leads " + topic, e);
    }
  }

  /** So many brokers are killed, and come back when that has happened. */
  private static void killed(Stage stage, int count, Runnable meanwhile) {
    killed(stage, any(stage).subList(0, count), meanwhile);
  }

  private static void killed(Stage stage, List<Integer> killed, Runnable meanwhile) {
    var kafka = stage.deployment().kafka();
    killed.forEach(kafka::kill);
    try {
      meanwhile.run();
    } finally {
      killed.forEach(kafka::restart);
    }
  }
}
