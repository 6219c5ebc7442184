package io.liiklus.cli.positions;

/** What a command does with a storage: how messages and options name it. Immutable. */
public enum StorageRole {
  /** The only one, which is read. */
  EXPORTED("", "--from"),
  /** The only one, which is written. */
  IMPORTED("", "--to"),
  /** The one of two that is read. */
  SOURCE("the source", "--from"),
  /** The one of two that is written. */
  TARGET("the target", "--to");

  private final String word;
  private final String option;

  StorageRole(String word, String option) {
    this.word = word;
    this.option = option;
  }

  /** The option that has its type. */
  public String option() {
    return option;
  }

  /** The option that has the type of the positions beside its records. */
  public String positionsOption() {
    return option + "-positions";
  }

  /** The option that has a file of settings for it alone. */
  public String configOption() {
    return option + "-config";
  }

  /**
   * Its name in messages: by its type where it is the only one, else which one it is, and where.
   *
   * @param place of it, with its type
   */
  public String name(String type, String place) {
    return word.isEmpty() ? type : "%s (%s)".formatted(word, place);
  }

  /** A line about its settings, which says of which one they are. */
  public String problem(String line) {
    return word.isEmpty() ? line : word + ": " + line;
  }
}
