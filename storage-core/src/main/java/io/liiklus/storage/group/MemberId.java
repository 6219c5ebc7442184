package io.liiklus.storage.group;

/**
 * Name of a member in the document of its group. Immutable.
 *
 * @param gateway id of its gateway, without a dot
 * @param number that its gateway gives once
 */
record MemberId(String gateway, int number) {

  /**
   * @throws IllegalArgumentException where the text is no such name
   */
  static MemberId parse(String text) {
    int dot = text.lastIndexOf('.');
    if (dot <= 0) {
      throw new IllegalArgumentException("no name of a member: " + text);
    }
    return new MemberId(text.substring(0, dot), Integer.parseInt(text.substring(dot + 1)));
  }

  @Override
  public String toString() {
    return gateway + "." + number;
  }
}
