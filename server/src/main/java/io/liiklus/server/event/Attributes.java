package io.liiklus.server.event;

import java.util.Locale;
import java.util.Set;

/** Names of CloudEvents 1.0 and of its Kafka binding. Immutable. */
public final class Attributes {

  public static final String PREFIX = "ce_";
  public static final String CONTENT_TYPE = "content-type";
  public static final String STRUCTURED = "application/cloudevents+json";

  public static final String SPECVERSION = "specversion";
  public static final String ID = "id";
  public static final String TYPE = "type";
  public static final String SOURCE = "source";
  public static final String TIME = "time";
  public static final String DATACONTENTTYPE = "datacontenttype";
  public static final String DATA = "data";
  public static final String DATA_BASE64 = "data_base64";

  /**
   * Names that no extension may have. The message has no field for {@code subject} and {@code
   * dataschema}, so these two are published and received as extensions.
   */
  public static final Set<String> WITH_FIELD =
      Set.of(SPECVERSION, ID, TYPE, SOURCE, TIME, DATACONTENTTYPE, DATA, DATA_BASE64);

  private Attributes() {}

  /** The attribute of a header, in lower case; null where it has none. */
  public static String ofHeader(String key) {
    // As they are nearly always written; without a new string for each.
    return switch (key) {
      case "ce_id" -> ID;
      case "ce_type" -> TYPE;
      case "ce_source" -> SOURCE;
      case "ce_time" -> TIME;
      case "ce_specversion" -> SPECVERSION;
      case "ce_datacontenttype" -> DATACONTENTTYPE;
      default -> isReserved(key) && key.length() > PREFIX.length() ? inAnyCase(key) : null;
    };
  }

  private static String inAnyCase(String key) {
    var name = key.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    // The data is the value. An attribute of its name would be a second one in JSON.
    return name.equals(DATA) || name.equals(DATA_BASE64) ? null : name;
  }

  /** Returns whether a header begins like those of events. */
  public static boolean isReserved(String key) {
    return key.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  public static boolean isContentType(String key) {
    return key.equalsIgnoreCase(CONTENT_TYPE);
  }

  /** A media type without its parameters, in lower case. */
  static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    var type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns whether a value of this type is an event in structured mode. */
  public static boolean isStructured(String contentType) {
    return mediaType(contentType).equals(STRUCTURED);
  }

  /** RFC 8259's type and RFC 6839's suffix; {@code text/json} is in use, too. */
  public static boolean isJson(String contentType) {
    var type = mediaType(contentType);
    return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
  }
}
