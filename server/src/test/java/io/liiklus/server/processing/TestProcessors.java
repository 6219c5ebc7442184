package io.liiklus.server.processing;

import io.liiklus.api.RecordPostProcessor;
import io.liiklus.api.RecordPreProcessor;
import io.liiklus.server.plugins.TestPlugin;
import java.nio.file.Path;

/**
 * A plugin whose processors do what the values of records say: {@code slow}, {@code hang}, {@code
 * refuse}, {@code throw}, {@code fail} and {@code null} on the way in; {@code out-drop}, {@code
 * out-upper}, {@code out-hang}, {@code out-throw} and {@code out-move} on the way out. Each adds
 * its name to the header {@code way} of all others.
 */
public final class TestProcessors {

  private TestProcessors() {}

  /** Writes the jar, with a first and a last processor and one between them, by their names. */
  public static Path write(Path jar) {
    return new TestPlugin()
        .source("demo.Marking", MARKING)
        .source("demo.Pre", PRE)
        .source("demo.Post", POST)
        .source("demo.Last", "package demo; public class Last extends Marking {}")
        .source("demo.First", "package demo; public class First extends Marking {}")
        .service(RecordPreProcessor.class, "demo.Pre\ndemo.First\ndemo.Last")
        .service(RecordPostProcessor.class, "demo.Post\ndemo.First\ndemo.Last")
        .write(jar);
  }

  private static final String MARKING =
      """
      package demo;

      import io.liiklus.api.*;
      import java.nio.charset.StandardCharsets;
      import java.util.*;
      import java.util.concurrent.*;

      public abstract class Marking implements RecordPreProcessor, RecordPostProcessor {
        private List<Header> marked(List<Header> headers, String way) {
          var marked = new ArrayList<>(headers);
          var name = getClass().getSimpleName().getBytes(StandardCharsets.UTF_8);
          marked.add(new Header(way, name));
          return marked;
        }
        public CompletionStage<RecordToPublish> preProcess(RecordToPublish record) {
          return CompletableFuture.completedFuture(
              record.withHeaders(marked(record.headers(), "in")));
        }
        public CompletionStage<Optional<RecordBatch>> postProcess(
            String topic, int partition, RecordBatch batch) {
          var editor = new BatchEditor(batch);
          for (int i = 0; i < batch.size(); i++) {
            editor.headers(i, marked(batch.headers(i), "out"));
          }
          return CompletableFuture.completedFuture(editor.result());
        }
      }
      """;

  private static final String PRE =
      """
      package demo;

      import io.liiklus.api.*;
      import java.nio.charset.StandardCharsets;
      import java.util.concurrent.*;

      public class Pre implements RecordPreProcessor {
        public CompletionStage<RecordToPublish> preProcess(RecordToPublish record) {
          var value =
              record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
          var done = CompletableFuture.completedFuture(record);
          switch (value.split(" ")[0]) {
            case "slow":
              // The first ones take longest.
              int number = Integer.parseInt(value.split(" ")[1]);
              var later =
                  CompletableFuture.delayedExecutor(200 - 10 * number, TimeUnit.MILLISECONDS);
              return done.thenApplyAsync(same -> same, later);
            case "hang":
              return new CompletableFuture<>();
            case "refuse":
              return CompletableFuture.failedFuture(
                  new RecordRefusedException("value: refuse is not allowed; another"));
            case "throw":
              throw new IllegalStateException("thrown");
            case "fail":
              return CompletableFuture.supplyAsync(
                  () -> { throw new IllegalStateException("failed"); });
            case "null":
              return CompletableFuture.completedFuture(null);
            case "nostage":
              return null;
            case "topic":
              return CompletableFuture.completedFuture(
                  new RecordToPublish(
                      value.split(" ")[1], record.key(), record.value(), record.headers()));
            default:
              return done;
          }
        }
      }
      """;

  private static final String POST =
      """
      package demo;

      import io.liiklus.api.*;
      import java.nio.ByteBuffer;
      import java.nio.charset.StandardCharsets;
      import java.util.*;
      import java.util.concurrent.*;

      public class Post implements RecordPostProcessor {
        public CompletionStage<Optional<RecordBatch>> postProcess(
            String topic, int partition, RecordBatch batch) {
          var editor = new BatchEditor(batch);
          boolean isLater = false;
          for (int i = 0; i < batch.size(); i++) {
            var value =
                batch.value(i) == null
                    ? ""
                    : StandardCharsets.UTF_8.decode(batch.value(i).duplicate()).toString();
            isLater |= value.startsWith("out-later");
            switch (value.split(" ")[0]) {
              case "out-drop": editor.drop(i); break;
              case "out-upper":
                editor.value(i, ByteBuffer.wrap(value.toUpperCase().getBytes())); break;
              case "out-hang": return new CompletableFuture<>();
              case "out-throw": throw new IllegalStateException("thrown");
              case "out-move": return CompletableFuture.completedFuture(Optional.of(moved(batch)));
              default: break;
            }
          }
          var done = CompletableFuture.completedFuture(editor.result());
          return isLater
              ? done.thenApplyAsync(
                  same -> same, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS))
              : done;
        }

        private static RecordBatch moved(RecordBatch batch) {
          return new RecordBatch() {
            public int size() { return batch.size(); }
            public long offset(int i) { return batch.offset(i) + 1; }
            public long timestamp(int i) { return 0; }
            public ByteBuffer key(int i) { return null; }
            public ByteBuffer value(int i) { return null; }
            public List<Header> headers(int i) { return List.of(); }
            public long bytes() { return 1; }
          };
        }
      }
      """;
}
