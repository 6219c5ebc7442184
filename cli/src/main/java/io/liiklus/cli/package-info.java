/**
 * Client on the command line: {@code publish} and {@code receive}.
 *
 * <pre>
 *   LiiklusCli            arguments in, an exit code and at most one line of error out
 *     PublishCommand      its options
 *       PublishTemplate   options + a value -> PublishRequest
 *       PublishRun        many in flight within a bound, reported in order
 *     ReceiveCommand      its options
 *       ReceiveRun        Subscribe, again and again; a Receive for each assignment; when to end
 *       AckLane           one partition's acks, one on its way at a time
 *       RecordFormat      a record -> bytes on standard output
 *     WaitNotice          says what either waits for, as StorageCheck finds it out
 *   ConnectionOptions     addresses, TLS, token -> Connection
 *     Gateway               the channel, and the one thread on which all its answers come
 *     TokenHeader           the token of each call, as its file has it by then
 * </pre>
 *
 * <p>{@code positions} is a package of its own, {@link io.liiklus.cli.positions}: it needs the
 * gateway's settings, so the gateway's module adds it.
 *
 * <p>Records and offsets go to standard output, all else to standard error.
 */
package io.liiklus.cli;
