package io.liiklus.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What happens to the brokers, under a load that wants all replicas in sync to have a record. */
enum BrokerFault implements Fault {
  KILL_ONE("F7 kill -9 of one broker of three") {
    @Override
    public void inject(Stage stage) {
      var killed = kill(stage, 1);
      stage.awaitCaughtUp();
      restart(stage, killed);
    }
  },

  KILL_TWO("F7 kill -9 of two brokers of three") {
    @Override
    public void inject(Stage stage) {
      var killed = kill(stage, 2);
      stage.last(AWAY);
      restart(stage, killed);
    }
  },

  KILL_ALL("F7 kill -9 of all brokers") {
    @Override
    public void inject(Stage stage) {
      var killed = kill(stage, 3);
      stage.last(AWAY);
      restart(stage, killed);
    }
  },

  HANG("F7 a broker hangs") {
    @Override
    public void inject(Stage stage) {
      var kafka = stage.deployment().kafka();
      int broker = any(stage).get(0);
      kafka.pause(broker);
      try {
        stage.awaitCaughtUp();
      } finally {
        kafka.resume(broker);
      }
    }
  };

  private static final Duration AWAY = Duration.ofSeconds(4);

  private final String title;

  BrokerFault(String title) {
    this.title = title;
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

  private static List<Integer> kill(Stage stage, int count) {
    var killed = any(stage).subList(0, count);
    killed.forEach(stage.deployment().kafka()::kill);
    return killed;
  }

  private static void restart(Stage stage, List<Integer> killed) {
    killed.forEach(stage.deployment().kafka()::restart);
  }
}
