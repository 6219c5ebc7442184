package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import io.liiklus.api.Header;
import io.liiklus.server.event.Attributes;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.event.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Event in binary mode, its attributes as UTF-8, as fields of its reply. Confined to one reader of
 * events, which may use it again and again.
 */
final class EventFields {

  /** So many names are compared one by one, which costs least; from there on a map finds them. */
  private static final int MOST_COMPARED = 16;

  /** Initial room for extensions, and the most room that is kept. */
  private static final int FIRST_ROOM = 4;

  private static final int MOST_KEPT_ROOM = 64;

  private static final byte[] NONE = {};
  private static final int DATA_TAG = bytesTag(LiiklusEvent.DATA_FIELD_NUMBER);
  private static final int EXTENSION_TAG = bytesTag(LiiklusEvent.EXTENSIONS_FIELD_NUMBER);

  /** Tags of an entry of a map, by the encoding of protocol buffers. */
  private static final int ENTRY_KEY_TAG = bytesTag(1);

  private static final int ENTRY_VALUE_TAG = bytesTag(2);

  /** Tags in the order of their numbers, in which fields are written. */
  private static final int[] TAGS = {
    bytesTag(LiiklusEvent.ID_FIELD_NUMBER),
    bytesTag(LiiklusEvent.TYPE_FIELD_NUMBER),
    bytesTag(LiiklusEvent.SOURCE_FIELD_NUMBER),
    bytesTag(LiiklusEvent.TIME_FIELD_NUMBER),
    bytesTag(LiiklusEvent.DATA_CONTENT_TYPE_FIELD_NUMBER)
  };

  private static final int ID = 0;
  private static final int TYPE = 1;
  private static final int SOURCE = 2;
  private static final int TIME = 3;
  private static final int CONTENT_TYPE = 4;

  private final byte[][] texts = new byte[TAGS.length][];
  private String[] extensionNames = new String[FIRST_ROOM];
  private byte[][] extensionKeys = new byte[FIRST_ROOM][];
  private byte[][] extensionValues = new byte[FIRST_ROOM][];
  private int extensions;

  /** Place of each extension, by name; empty while they are few. */
  private Map<String, Integer> places = new HashMap<>();

  private ByteBuffer data;
  private int size;

  /**
   * Takes the attributes of a record in binary mode.
   *
   * @param value null where the event has no data
   * @param others takes the headers that are no part of the event
   * @throws NotAnEvent where there is no version, which marks the mode
   */
  void read(List<Header> headers, ByteBuffer value, Consumer<Header> others) {
    Arrays.fill(texts, NONE);
    extensions = 0;
    places.clear();
    boolean isEvent = false;
    byte[] contentType = NONE;
    for (int i = 0; i < headers.size(); i++) {
      var header = headers.get(i);
      var attribute = Attributes.ofHeader(header.key());
      if (attribute != null) {
        isEvent |= attribute.equals(Attributes.SPECVERSION);
        set(attribute, header.value());
      } else if (Attributes.isContentType(header.key())) {
        contentType = utf8(header.value());
      } else {
        others.accept(header);
      }
    }
    if (contentType.length > 0) {
      texts[CONTENT_TYPE] = contentType;
    }
    if (!isEvent) {
      throw new NotAnEvent("it has no header ce_specversion");
    }
    data = value != null && value.hasRemaining() ? value : null;
    size = computeSize();
  }

  /** Lets go of the batch that was read from, and of room that is seldom needed. */
  void forget() {
    data = null;
    if (extensionNames.length > MOST_KEPT_ROOM) {
      extensionNames = new String[FIRST_ROOM];
      extensionKeys = new byte[FIRST_ROOM][];
      extensionValues = new byte[FIRST_ROOM][];
      extensions = 0;
      places = new HashMap<>();
    }
  }

  private void set(String attribute, byte[] value) {
    switch (attribute) {
      case Attributes.SPECVERSION -> {}
      case Attributes.ID -> texts[ID] = utf8(value);
      case Attributes.TYPE -> texts[TYPE] = utf8(value);
      case Attributes.SOURCE -> texts[SOURCE] = utf8(value);
      case Attributes.TIME -> texts[TIME] = utf8(value);
      case Attributes.DATACONTENTTYPE -> texts[CONTENT_TYPE] = utf8(value);
      // The message has no field for subject and dataschema: they would be lost otherwise.
      default -> setExtension(attribute, utf8(value));
    }
  }

  /** Sets an extension; the last value of a name counts. */
  private void setExtension(String name, byte[] value) {
    int place = place(name);
    if (place == extensionNames.length) {
      extensionNames = Arrays.copyOf(extensionNames, 2 * place);
      extensionKeys = Arrays.copyOf(extensionKeys, 2 * place);
      extensionValues = Arrays.copyOf(extensionValues, 2 * place);
    }
    if (place == extensions) {
      extensionNames[place] = name;
      extensionKeys[place] = name.getBytes(StandardCharsets.UTF_8);
      extensions++;
    }
    extensionValues[place] = value;
  }

  /** Place of an extension; behind the last one where it is new. */
  private int place(String name) {
    if (extensions < MOST_COMPARED) {
      int place = 0;
      while (place < extensions && !extensionNames[place].equals(name)) {
        place++;
      }
      return place;
    }
    if (places.isEmpty()) {
      for (int i = 0; i < extensions; i++) {
        places.put(extensionNames[i], i);
      }
    }
    var known = places.putIfAbsent(name, extensions);
    return known == null ? extensions : known;
  }

  /** The event as a message. */
  LiiklusEvent toMessage() {
    var event =
        LiiklusEvent.newBuilder()
            .setId(text(ID))
            .setType(text(TYPE))
            .setSource(text(SOURCE))
            .setTime(text(TIME))
            .setDataContentType(text(CONTENT_TYPE));
    for (int i = 0; i < extensions; i++) {
      event.putExtensions(
          extensionNames[i], new String(extensionValues[i], StandardCharsets.UTF_8));
    }
    if (data != null) {
      event.setData(StoredEvent.wrap(data));
    }
    return event.build();
  }

  private String text(int field) {
    return new String(texts[field], StandardCharsets.UTF_8);
  }

  /** Size of the message, without a tag and length of its own. */
  int size() {
    return size;
  }

  /** Number of the event's bytes that are written to the reply's array. */
  int copiedBytes(EncodedReply reply) {
    return data == null ? size : size - data.remaining() + reply.copiedBytes(data);
  }

  private int computeSize() {
    int sum = 0;
    for (int i = 0; i < TAGS.length; i++) {
      int length = texts[i].length;
      sum += length == 0 ? 0 : varintBytes(TAGS[i]) + varintBytes(length) + length;
    }
    if (data != null) {
      sum += varintBytes(DATA_TAG) + varintBytes(data.remaining()) + data.remaining();
    }
    for (int i = 0; i < extensions; i++) {
      int entry = entrySize(i);
      sum += varintBytes(EXTENSION_TAG) + varintBytes(entry) + entry;
    }
    return sum;
  }

  /** An entry of a map has both its fields, empty or not. */
  private int entrySize(int extension) {
    int key = extensionKeys[extension].length;
    int value = extensionValues[extension].length;
    return 1 + varintBytes(key) + key + 1 + varintBytes(value) + value;
  }

  void writeTo(EncodedReply reply) {
    for (int i = 0; i < TAGS.length; i++) {
      if (texts[i].length > 0) {
        write(reply, TAGS[i], texts[i]);
      }
    }
    if (data != null) {
      reply.varint(DATA_TAG);
      reply.varint(data.remaining());
      reply.bytes(data);
    }
    for (int i = 0; i < extensions; i++) {
      reply.varint(EXTENSION_TAG);
      reply.varint(entrySize(i));
      write(reply, ENTRY_KEY_TAG, extensionKeys[i]);
      write(reply, ENTRY_VALUE_TAG, extensionValues[i]);
    }
  }

  private static void write(EncodedReply reply, int tag, byte[] text) {
    reply.varint(tag);
    reply.varint(text.length);
    reply.bytes(text);
  }

  /** The bytes themselves where they are UTF-8; others become U+FFFD. */
  private static byte[] utf8(byte[] value) {
    if (value == null) {
      return NONE;
    }
    for (var unit : value) {
      if (unit < 0) {
        return new String(value, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
      }
    }
    return value;
  }
}
