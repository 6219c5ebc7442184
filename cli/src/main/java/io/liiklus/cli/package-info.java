/**
 * Client on the command line: {@code publish} and {@code receive}.
 *
 * <pre>
 *   LiiklusCli            arguments in, an exit code and at most one line of error out
 *     PublishCommand      its options
 *       PublishTemplate   options + a value -> PublishRequest
 *       PublishRun        the client's publisher; reported in order
 *     ReceiveCommand      its options
 *       ReceiveRun        the client's consumer; when to end
 *       RecordFormat      a record -> bytes on standard output
 *     WaitNotice          says what either waits for, as StorageCheck finds it out
 *   ConnectionOptions     addresses, TLS, token -> Connection
 *     Gateway               the client library, and the one thread of what a run has to say
 * </pre>
 *
 * <p>{@code positions} is a package of its own, {@link io.liiklus.cli.positions}: it needs the
 * gateway's settings, so the gateway's module adds it.
 *
 * <p>Records and offsets go to standard output, all else to standard error.
 */
package io.liiklus.cli;
