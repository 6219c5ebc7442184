package io.liiklus.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchEditorTest {

  private static final Header HEADER = new Header("h", new byte[] {1});

  /** Three records, at the offsets 0, 10 and 20. */
  private final RecordBatch batch =
      new RecordBatch() {
        @Override
        public int size() {
          return 3;
        }

        @Override
        public long offset(int index) {
          return 10L * index;
        }

        @Override
        public long timestamp(int index) {
          return 100L + index;
        }

        @Override
        public ByteBuffer key(int index) {
          return utf8("k" + index);
        }

        @Override
        public ByteBuffer value(int index) {
          return utf8("v" + index);
        }

        @Override
        public List<Header> headers(int index) {
          return List.of(HEADER);
        }

        @Override
        public long bytes() {
          return 300;
        }
      };

  private final BatchEditor editor = new BatchEditor(batch);

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  @Test
  void untouchedBatch_isTheSame() {
    assertThat(editor.result()).containsSame(batch);
  }

  @Test
  void droppedRecords_leaveTheOffsetsOfTheOthers() {
    editor.drop(0);
    editor.drop(0);
    editor.value(2, utf8("other"));

    var left = editor.result().orElseThrow();

    assertThat(left.size()).isEqualTo(2);
    assertThat(left.offset(0)).isEqualTo(10);
    assertThat(left.value(0)).isEqualTo(utf8("v1"));
    assertThat(left.offset(1)).isEqualTo(20);
    assertThat(left.timestamp(1)).isEqualTo(102);
    assertThat(left.key(1)).isEqualTo(utf8("k2"));
    assertThat(left.value(1)).isEqualTo(utf8("other"));
    assertThat(left.headers(1)).containsExactly(HEADER);
    assertThat(left.attachment()).isNull();
  }

  @Test
  void batchOfWhichAllIsDropped_isEmpty() {
    for (int i = 0; i < batch.size(); i++) {
      editor.drop(i);
    }

    assertThat(editor.result()).isEmpty();
  }

  @Test
  void keyValueAndHeaders_canBeTakenAway() {
    editor.key(1, null);
    editor.value(1, null);
    editor.headers(1, List.of());

    var left = editor.result().orElseThrow();

    assertThat(left.key(1)).isNull();
    assertThat(left.value(1)).isNull();
    assertThat(left.headers(1)).isEmpty();
    assertThat(left.copyFrom(1).offset(0)).isEqualTo(10);
  }
}
