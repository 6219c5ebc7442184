package io.liiklus.storage.group;

/** What the runs have seen: a model in which nothing happens finds nothing. Confined to a test. */
final class ModelFigures {

  private int runs;
  private long begins;
  private long deliveries;
  private long expulsions;
  private int largestDocument;

  void add(ModelWorld world) {
    runs++;
    begins += world.begins;
    deliveries += world.deliveries;
    expulsions += world.expulsions;
    largestDocument = Math.max(largestDocument, world.largestDocument);
  }

  long begins() {
    return begins;
  }

  int largestDocument() {
    return largestDocument;
  }

  @Override
  public String toString() {
    return "runs="
        + runs
        + " begins="
        + begins
        + " deliveries="
        + deliveries
        + " expulsions="
        + expulsions
        + " largestDocument="
        + largestDocument;
  }
}
