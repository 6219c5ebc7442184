/**
 * Replies as the bytes that protocol buffers would write, without an object for each record.
 *
 * <pre>
 *   ReplyEncoder --+--&gt; HeaderFields, EventFields, TimestampField --+
 *                  +--&gt; EncodedBatch, for all streams of a batch    v
 *                  +--&gt; ReplyFormat, of a Receive -----------&gt; EncodedReply
 *                                                                  ^
 *   BatchReplyEncoder, of a PublishBatch --------------------------+
 *   ReplyMarshaller, which hands it to the transport --------------+
 * </pre>
 */
package io.liiklus.server.grpc.codec.reply;
