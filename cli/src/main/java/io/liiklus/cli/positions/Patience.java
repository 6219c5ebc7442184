package io.liiklus.cli.positions;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for storages in the command's thread: until they answer, a bound is reached, or a signal
 * asks to end. Confined to the command.
 */
public final class Patience {

  /** How long a storage may be away until it answers for the first time. */
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /** After so long it is said what is waited for. */
  private static final Duration SILENT = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Reading everything. */
  static final Duration READ = Duration.ofMinutes(10);

  /** Storing one batch. */
  public static final Duration WRITE = Duration.ofSeconds(30);

  private final Terminal terminal;
  private final Duration connect;

  public Patience(Terminal terminal) {
    this(terminal, CONNECT);
  }

  Patience(Terminal terminal, Duration connect) {
    this.terminal = terminal;
    this.connect = connect;
  }

  public boolean isInterrupted() {
    return terminal.interruption().isDone();
  }

  /**
   * Returns the answer.
   *
   * @throws CliException where there is none, naming the storage and the reason
   */
  public <T> T await(CompletionStage<T> stage, Duration longest, String storage)
      throws InterruptedException {
    var answer = stage.toCompletableFuture();
    awaitAnswer(CompletableFuture.anyOf(answer, terminal.interruption()), longest, storage);
    if (!answer.isDone()) {
      throw new CliException("interrupted");
    }
    return awaitAnswer(answer, Duration.ZERO, storage);
  }

  /** The same for what is to be waited for after a signal too. */
  <T> T awaitAnswer(CompletionStage<T> stage, Duration longest, String storage)
      throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new CliException(storage + ": no answer within " + longest.toSeconds() + " s");
    } catch (ExecutionException failed) {
      throw failure(storage, StorageException.of(failed.getCause()));
    }
  }

  /** The line for people. */
  public static CliException failure(String storage, StorageException failure) {
    // A fault of the storage itself says no more than that; its cause does.
    var reason =
        failure.kind() == Kind.INTERNAL && failure.getCause() != null
            ? failure.getMessage() + ": " + failure.getCause()
            : failure.getMessage();
    return new CliException(storage + ": " + reason);
  }

  /**
   * What a storage answers, or why it did not. Immutable.
   *
   * @param failure null where there is an answer
   */
  public record Answer<T>(T value, StorageException failure) {

    private boolean isAway() {
      return failure != null && failure.kind() == Kind.UNAVAILABLE;
    }

    /**
     * The answer.
     *
     * @throws CliException where there is none
     */
    public T require(String storage) {
      if (failure != null) {
        throw Patience.failure(storage, failure);
      }
      return value;
    }
  }

  /** Everything that is stored. A storage that was just opened is waited for. */
  List<GroupPositions> readAll(PositionsStorages.Opened opened) throws InterruptedException {
    return ask(opened.storage()::findAll, opened.name()).require(opened.name());
  }

  /**
   * The same; nothing where what holds positions is not there yet, and a write would make it.
   *
   * @param absent what is said of it then
   */
  public List<GroupPositions> readAllOrNone(PositionsStorages.Opened opened, String absent)
      throws InterruptedException {
    var answer = ask(opened.storage()::findAll, opened.name());
    if (answer.failure() == null || answer.failure().kind() != Kind.UNKNOWN_TOPIC) {
      return answer.require(opened.name());
    }
    terminal.say(opened.name() + " " + absent);
    return List.of();
  }

  /** The answer; of a storage that is away the last one within the bound. */
  public <T> Answer<T> ask(Supplier<CompletionStage<T>> question, String storage)
      throws InterruptedException {
    long startNs = System.nanoTime();
    var said = "";
    while (true) {
      var answer = await(answer(question), READ, storage);
      long waitedNs = System.nanoTime() - startNs;
      if (!answer.isAway() || waitedNs >= connect.toNanos()) {
        return answer;
      }
      var reason = failure(storage, answer.failure()).getMessage();
      if (!reason.equals(said) && waitedNs >= SILENT.toNanos()) {
        said = reason;
        terminal.say("no answer so far, waiting: " + reason);
      }
      rest();
    }
  }

  private static <T> CompletionStage<Answer<T>> answer(Supplier<CompletionStage<T>> question) {
    return question
        .get()
        .handle(
            (value, failure) ->
                new Answer<>(value, failure == null ? null : StorageException.of(failure)));
  }

  private void rest() throws InterruptedException {
    try {
      terminal.interruption().get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException over) {
      // Nobody interrupted.
    }
  }
}
