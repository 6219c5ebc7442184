/**
 * JSON Web Tokens: their form, their claims, and the keys that they are checked by. The library
 * that parses tokens and checks signatures is used here and nowhere else.
 *
 * <pre>
 *   TokenVerifier --&gt; TokenRules          the claims: times, issuer, audience, the principal's name
 *        |
 *        +---------&gt; VerificationKeys     the key of a token's header
 *                       FixedKeys           of grpc.auth.secret or grpc.auth.keys
 *                       JwksKeys            of grpc.auth.jwks, fetched again and again
 *                          JwkSet             one document's keys
 *                          KeyDocument        FileDocument or HttpsDocument
 * </pre>
 *
 * <p>The algorithm is the key's, never the token's: each key has a list of the algorithms that it
 * may be used with, and a header that names another one finds no key.
 */
package io.liiklus.server.security.jwt;
