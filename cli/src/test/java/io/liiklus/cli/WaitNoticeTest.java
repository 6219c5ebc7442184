package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.cli.WaitNotice.Cause;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class WaitNoticeTest {

  private static final Cause REDIS = new Cause("no positions", "detail");

  private final Deque<Runnable> timer = new ArrayDeque<>();
  private final Deque<CompletableFuture<Optional<Cause>>> questions = new ArrayDeque<>();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final WaitNotice notice =
      new WaitNotice((task, delayMs) -> timer.add(task), terminal(), 100, "going on", this::ask);

  @Test
  void silence_isExplainedOnceWhateverItsDetail() {
    notice.begin();

    elapse(REDIS);
    elapse(new Cause(REDIS.text(), "other detail"));

    assertThat(said()).containsExactly("liiklus: no positions: detail");
  }

  @Test
  void anotherCause_isSaid() {
    notice.begin();

    elapse(REDIS);
    elapse(new Cause("no records", ""));

    assertThat(said()).containsExactly("liiklus: no positions: detail", "liiklus: no records");
  }

  @Test
  void progressAfterANotice_isSaid() {
    notice.begin();
    elapse(REDIS);

    notice.progress();
    notice.progress();

    assertThat(said()).containsExactly("liiklus: no positions: detail", "liiklus: going on");
  }

  @Test
  void causeThatIsGone_isTakenBackOnce() {
    notice.begin();
    elapse(REDIS);

    elapse(null);
    elapse(null);

    assertThat(said()).containsExactly("liiklus: no positions: detail", "liiklus: going on");
  }

  @Test
  void progressWithinThePeriod_asksNothing() {
    notice.begin();
    notice.progress();

    timer.remove().run();

    assertThat(questions).isEmpty();
    assertThat(timer).hasSize(1);
  }

  @Test
  void progressWhileItAsks_isNoSilence() {
    notice.begin();
    timer.remove().run();

    notice.progress();
    questions.remove().complete(Optional.of(REDIS));

    assertThat(said()).isEmpty();
    assertThat(timer).hasSize(1);
  }

  @Test
  void end_saysNothingAndStopsTheTimer() {
    notice.begin();
    elapse(REDIS);

    notice.end();
    timer.remove().run();

    assertThat(questions).isEmpty();
    assertThat(timer).isEmpty();
    assertThat(said()).hasSize(1);
  }

  @Test
  void secondBegin_startsNoSecondTimer() {
    notice.begin();
    notice.end();
    notice.begin();
    notice.begin();

    assertThat(timer).hasSize(1);
  }

  private CompletionStage<Optional<Cause>> ask() {
    var question = new CompletableFuture<Optional<Cause>>();
    questions.add(question);
    return question;
  }

  /** One period without progress, and the answer to the question that follows. */
  private void elapse(Cause cause) {
    timer.remove().run();
    questions.remove().complete(Optional.ofNullable(cause));
  }

  private Terminal terminal() {
    var in = new ByteArrayInputStream(new byte[0]);
    var out = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Terminal(in, out, out, new CompletableFuture<>());
  }

  private List<String> said() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
