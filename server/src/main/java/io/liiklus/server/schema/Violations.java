package io.liiklus.server.schema;

import com.networknt.schema.Error;
import java.util.List;

/** Text of the violations of a schema by a value. */
final class Violations {

  /** Characters of the text at the most, beside the number of those that it leaves out. */
  static final int MOST_CHARACTERS = 1500;

  /** Characters of one violation, of a type, and the like. */
  private static final int MOST_OF_ONE = 200;

  private Violations() {}

  /**
   * All of them, as far as they fit, each with the JSON pointer of the value, what is wrong, and
   * the rule that says so.
   *
   * @param isWhole whether the list has all there are
   */
  static String text(List<Error> violations, boolean isWhole) {
    var text = new StringBuilder();
    int named = 0;
    for (var violation : violations) {
      var one = text(violation);
      if (named > 0 && text.length() + one.length() > MOST_CHARACTERS) {
        break;
      }
      text.append(named == 0 ? "" : "; ").append(one);
      named++;
    }
    int left = violations.size() - named;
    if (left > 0) {
      text.append("; and ").append(left).append(" more");
    } else if (!isWhole) {
      text.append("; and maybe more: of a value of this size only the first is named");
    }
    return text.toString();
  }

  private static String text(Error violation) {
    var pointer = violation.getInstanceLocation().toString();
    return "%s: %s (%s)"
        .formatted(
            pointer.isEmpty() ? "the whole of it" : cut(pointer),
            cut(violation.getMessage()),
            violation.getKeyword());
  }

  static String cut(String text) {
    if (text.codePointCount(0, text.length()) <= MOST_OF_ONE) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, MOST_OF_ONE)) + "…";
  }
}
