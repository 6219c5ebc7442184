package io.liiklus.api;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Edits a batch: drops records, or replaces what they hold. What is not replaced stays where it is
 * and is not copied; offsets and timestamps stay. Confined to one caller.
 */
public final class BatchEditor {

  private final RecordBatch batch;

  /** By index in the batch; null as long as nothing was edited. */
  private Edit[] edits;

  private int dropped;

  private static final class Edit {
    private ByteBuffer key;
    private ByteBuffer value;
    private List<Header> headers;
    private boolean isDropped;
  }

  public BatchEditor(RecordBatch batch) {
    this.batch = batch;
  }

  public void drop(int index) {
    var edit = edit(index);
    dropped += edit.isDropped ? 0 : 1;
    edit.isDropped = true;
  }

  /**
   * @param key null: none
   */
  public void key(int index, ByteBuffer key) {
    edit(index).key = key;
  }

  /**
   * @param value null: a tombstone
   */
  public void value(int index, ByteBuffer value) {
    edit(index).value = value;
  }

  public void headers(int index, List<Header> headers) {
    edit(index).headers = List.copyOf(headers);
  }

  private Edit edit(int index) {
    Objects.checkIndex(index, batch.size());
    edits = edits == null ? new Edit[batch.size()] : edits;
    if (edits[index] == null) {
      var edit = new Edit();
      edit.key = batch.key(index);
      edit.value = batch.value(index);
      edit.headers = batch.headers(index);
      edits[index] = edit;
    }
    return edits[index];
  }

  /** The batch itself where nothing was edited; empty where all records were dropped. */
  public Optional<RecordBatch> result() {
    if (edits == null) {
      return Optional.of(batch);
    }
    if (dropped == edits.length) {
      return Optional.empty();
    }
    var kept = new int[edits.length - dropped];
    var contents = new ArrayList<Edit>(kept.length);
    for (int i = 0; i < edits.length; i++) {
      if (edits[i] == null || !edits[i].isDropped) {
        kept[contents.size()] = i;
        contents.add(edits[i]);
      }
    }
    return Optional.of(new EditedBatch(batch, kept, contents.toArray(Edit[]::new)));
  }

  /**
   * Records of another batch, some of them with other contents. Immutable.
   *
   * @param kept index in the other batch of each record
   * @param edits null for a record that is as it was
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record EditedBatch(RecordBatch source, int[] kept, Edit[] edits) implements RecordBatch {

    @Override
    public int size() {
      return kept.length;
    }

    @Override
    public long offset(int index) {
      return source.offset(kept[index]);
    }

    @Override
    public long timestamp(int index) {
      return source.timestamp(kept[index]);
    }

    @Override
    public ByteBuffer key(int index) {
      return edits[index] == null ? source.key(kept[index]) : edits[index].key;
    }

    @Override
    public ByteBuffer value(int index) {
      return edits[index] == null ? source.value(kept[index]) : edits[index].value;
    }

    @Override
    public List<Header> headers(int index) {
      return edits[index] == null ? source.headers(kept[index]) : edits[index].headers;
    }

    @Override
    public long bytes() {
      long sum = 0;
      for (int i = 0; i < kept.length; i++) {
        sum += RecordBytes.of(key(i), value(i), headers(i));
      }
      return sum;
    }
  }
}
