package io.liiklus.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.LogWatch;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

  private final EventLoops loops = EventLoops.openSingle("watched");
  private final LoopWatch watch = new LoopWatch(loops.loops());
  private final LogWatch log = new LogWatch();
  private final CountDownLatch isBlocked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    log.close();
    loops.close();
  }

  private void look() throws Exception {
    loops.loops().get(0).submit(() -> {}).get();
    watch.run();
  }

  private Void blockTheLoop() throws InterruptedException {
    isBlocked.countDown();
    release.await();
    return null;
  }

  @Test
  void loopThatTurns_isQuiet() throws Exception {
    look();
    look();

    assertThat(watch.heldUp()).isZero();
    log.requireQuiet();
  }

  @Test
  void loopThatIsBlocked_isLoggedWithItsStackOnce() throws Exception {
    look();
    var blocked = loops.loops().get(0).submit(this::blockTheLoop);
    isBlocked.await();
    watch.run();
    watch.run();
    watch.run();

    assertThat(watch.heldUp()).isEqualTo(1);
    assertThat(log.take())
        .singleElement()
        .asString()
        .contains("an event loop is held up", "thread=watched-0", "blockTheLoop");
    release.countDown();
    blocked.get();
    look();
    assertThat(watch.heldUp()).isZero();
  }

  @Test
  void loopThatIsBlockedFromTheFirstTaskOn_isLoggedToo() throws Exception {
    loops.loops().get(0).submit(() -> {}).get();
    var unused = loops.loops().get(0).submit(this::blockTheLoop);
    isBlocked.await();
    watch.run();
    watch.run();

    assertThat(log.take()).singleElement().asString().contains("blockTheLoop");
  }
}
