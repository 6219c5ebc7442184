/**
 * The credentials of calls, on their event loops, before any handler.
 *
 * <pre>
 *   AuthInterceptor --+--&gt; ConnectionAuth     a connection: its certificate's identity
 *        ^            |         |
 *        |            +--&gt; WaitingCall        a call whose token waits for keys; it is started by
 *        +----------------------+             the interceptor when they are there
 *                     +--&gt; CallIdentity       where handlers read who calls
 *                     +--&gt; ExpiringStreams    streams that end with their tokens
 * </pre>
 *
 * <p>A call is refused with one text, whatever is wrong with its credentials; the log says what.
 */
package io.liiklus.server.grpc.auth;
