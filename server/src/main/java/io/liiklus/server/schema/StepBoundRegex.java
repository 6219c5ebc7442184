package io.liiklus.server.schema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/**
 * A regular expression of a schema, by the JDK, that gives up on a text that would take it too
 * long: for {@code ^(a|aa)+(b?)\2$} each further letter adds a half. Immutable.
 */
final class StepBoundRegex implements RegularExpression {

  /** Number of characters that a match may look at, for each of the text, and beside that. */
  private static final long STEPS_PER_CHARACTER = 100;

  private static final long STEPS = 100_000;

  /**
   * The end of a match. An error, as the library logs exceptions of a match with the text, and goes
   * on.
   */
  static final class TooManySteps extends Error {

    private static final long serialVersionUID = 1;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  private final Pattern pattern;

  StepBoundRegex(String regex) {
    pattern =
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(regex)));
  }

  @Override
  public boolean matches(String text) {
    return pattern.matcher(new CountedText(text)).find();
  }

  /** A text that can be looked at so often. Confined to one match. */
  private static final class CountedText implements CharSequence {

    private final String text;
    private long left;

    CountedText(String text) {
      this.text = text;
      this.left = STEPS + STEPS_PER_CHARACTER * text.length();
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
