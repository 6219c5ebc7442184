package io.liiklus.bench;

/**
 * Topic that is filled before it is read. Immutable.
 *
 * @param bytes of each value
 * @param records in each partition that has any
 * @param isEvents whether they are CloudEvents, in Kafka's binary mode
 * @param filled how many of the partitions have records: the first ones
 */
public record Topic(int bytes, int partitions, int records, boolean isEvents, int filled) {

  private static final int PARTITIONS = 8;

  private static final long MB = 1_000_000;

  private static final int MAX_RECORDS = 200_000;

  /** Eight partitions, equally full. */
  public static Topic of(int bytes, boolean isEvents, int totalMb) {
    long records = Math.min(MAX_RECORDS, totalMb * MB / bytes / PARTITIONS);
    return new Topic(bytes, PARTITIONS, (int) records, isEvents, PARTITIONS);
  }

  /** So many partitions, of which one has all. */
  public static Topic skewed(int bytes, int partitions, int totalMb) {
    return new Topic(bytes, partitions, (int) (totalMb * MB / bytes), false, 1);
  }

  /** Another for each content. */
  public String name() {
    return "bench-%d-%d-%d-%s-%d"
        .formatted(bytes, partitions, records, isEvents ? "events" : "raw", filled);
  }
}
