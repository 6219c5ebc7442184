package io.liiklus.server.grpc.codec.request;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liiklus.server.grpc.codec.request.WireReader.NotPlain;

/**
 * Parser of publishes without a copy of the whole request, which protobuf's own parser needs. It
 * knows the fields of the contract only and leaves everything unusual to protobuf. It makes no more
 * objects than the bounds allow, however many parts there are. Confined to the parsing of one
 * request.
 */
final class PublishParser {

  /** Field numbers with their wire types: bytes with a length, and numbers. */
  private static final int BATCH_REQUESTS = bytesTag(PublishBatchRequest.REQUESTS_FIELD_NUMBER);

  private static final int TOPIC = bytesTag(PublishRequest.TOPIC_FIELD_NUMBER);
  private static final int KEY = bytesTag(PublishRequest.KEY_FIELD_NUMBER);
  private static final int VALUE = bytesTag(PublishRequest.VALUE_FIELD_NUMBER);
  private static final int EVENT = bytesTag(PublishRequest.LIIKLUSEVENT_FIELD_NUMBER);
  private static final int HEADERS = bytesTag(PublishRequest.HEADERS_FIELD_NUMBER);
  private static final int TOMBSTONE = PublishRequest.TOMBSTONE_FIELD_NUMBER << 3;

  private PublishParser() {}

  private static int bytesTag(int number) {
    return number << 3 | 2;
  }

  /**
   * A batch. A record of it with too many parts has one more than it may have, and none behind
   * that.
   *
   * @throws BadRequest where the batch has too many records or, of all of them, parts
   */
  static PublishBatchRequest batch(WireReader in, PublishBounds bounds) throws NotPlain {
    var batch = PublishBatchRequest.newBuilder();
    var topic = "";
    int records = 0;
    while (in.left() > 0) {
      if (in.readNumber(0) != BATCH_REQUESTS) {
        throw new NotPlain();
      }
      bounds.requireRecords(++records);
      in.countPart();
      var request = request(in, in.readEnd(0), topic, bounds);
      topic = request.getTopic();
      batch.addRequests(request);
      bounds.requireParts(in.parts() - records);
    }
    return batch.build();
  }

  /** A single publish; with too many parts it has one more than it may have. */
  static PublishRequest request(WireReader in, PublishBounds bounds) throws NotPlain {
    return request(in, 0, "", bounds);
  }

  /**
   * @param likelyTopic that of the record before: most batches are for one topic
   */
  private static PublishRequest request(
      WireReader in, int end, String likelyTopic, PublishBounds bounds) throws NotPlain {
    var request = PublishRequest.newBuilder();
    while (in.left() > end) {
      int tag = in.readNumber(end);
      if (tag == TOPIC) {
        request.setTopic(in.readText(end, likelyTopic));
      } else if (tag == KEY) {
        request.setKey(bytes(in, end));
      } else if (tag == VALUE) {
        request.setValue(bytes(in, end));
      } else if (tag == HEADERS) {
        addHeader(request, in, in.readEnd(end), bounds);
      } else if (tag == TOMBSTONE) {
        request.setTombstone(in.readNumber(end) != 0);
      } else if (tag == EVENT && !request.hasLiiklusEvent()) {
        request.setLiiklusEvent(event(in, in.readEnd(end), bounds));
      } else {
        throw new NotPlain();
      }
    }
    return request.build();
  }

  private static void addHeader(
      PublishRequest.Builder request, WireReader in, int end, PublishBounds bounds)
      throws NotPlain {
    if (request.getHeadersCount() > bounds.maxHeaders()) {
      // One too many is there already, which the decoder refuses.
      in.skipTo(end);
    } else {
      in.countPart();
      request.addHeaders(header(in, end));
    }
  }

  private static Header header(WireReader in, int end) throws NotPlain {
    var header = Header.newBuilder();
    while (in.left() > end) {
      switch (number(in.readNumber(end))) {
        case Header.KEY_FIELD_NUMBER -> header.setKey(in.readText(end));
        case Header.VALUE_FIELD_NUMBER -> header.setValue(bytes(in, end));
        default -> throw new NotPlain();
      }
    }
    return header.build();
  }

  private static LiiklusEvent event(WireReader in, int end, PublishBounds bounds) throws NotPlain {
    var event = LiiklusEvent.newBuilder();
    int most = bounds.maxHeaders();
    int entries = 0;
    boolean isFull = false;
    while (in.left() > end) {
      switch (number(in.readNumber(end))) {
        case LiiklusEvent.ID_FIELD_NUMBER -> event.setId(in.readText(end));
        case LiiklusEvent.TYPE_FIELD_NUMBER -> event.setType(in.readText(end));
        case LiiklusEvent.SOURCE_FIELD_NUMBER -> event.setSource(in.readText(end));
        case LiiklusEvent.TIME_FIELD_NUMBER -> event.setTime(in.readText(end));
        case LiiklusEvent.DATA_CONTENT_TYPE_FIELD_NUMBER ->
            event.setDataContentType(in.readText(end));
        case LiiklusEvent.DATA_FIELD_NUMBER -> event.setData(bytes(in, end));
        case LiiklusEvent.EXTENSIONS_FIELD_NUMBER -> {
          int entryEnd = in.readEnd(end);
          if (isFull) {
            // As with headers.
            in.skipTo(entryEnd);
          } else {
            in.countPart();
            addExtension(event, in, entryEnd);
            // Keys may repeat, and the last one counts.
            isFull = ++entries > most && event.getExtensionsCount() > most;
          }
        }
        default -> throw new NotPlain();
      }
    }
    return event.build();
  }

  /** A map's entry: 1 the key, 2 the value. */
  private static void addExtension(LiiklusEvent.Builder event, WireReader in, int end)
      throws NotPlain {
    var key = "";
    var value = "";
    while (in.left() > end) {
      switch (number(in.readNumber(end))) {
        case 1 -> key = in.readText(end);
        case 2 -> value = in.readText(end);
        default -> throw new NotPlain();
      }
    }
    event.putExtensions(key, value);
  }

  /** Field number of a tag with a length behind it; 0 for other tags. */
  private static int number(int tag) {
    return (tag & 7) == 2 ? tag >>> 3 : 0;
  }

  private static ByteString bytes(WireReader in, int end) throws NotPlain {
    return UnsafeByteOperations.unsafeWrap(in.readBytes(end));
  }
}
