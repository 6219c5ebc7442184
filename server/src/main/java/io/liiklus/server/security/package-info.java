/**
 * Who calls: tokens and certificates, and the principal that they prove. Knows nothing of gRPC.
 *
 * <pre>
 *   AuthOptions --&gt; TokenOptions --&gt; Authenticator --&gt; TokenCache      checked tokens, by their hashes
 *        |                               |
 *        |                               +--------&gt; jwt            form, claims, signature, keys
 *        +-------&gt; CertificateName                                 the name in a client's certificate
 *
 *   tls                                                            the files of TLS
 *
 *   Identity = Principal + until when
 * </pre>
 *
 * <p>Each call is checked once, at its head, by {@code io.liiklus.server.grpc.auth}. Whatever
 * decides what a caller may do reads the result there: {@code UnaryCall.Caller.principal()} in the
 * handlers of unary calls, {@code StreamCall.principal} in streams. Both are fields. Where no
 * credentials are asked for it is {@link io.liiklus.server.security.Principal#ANONYMOUS}.
 */
package io.liiklus.server.security;
